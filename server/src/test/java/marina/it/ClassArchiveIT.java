package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM of an isolated WAR maps its classes from an archive, which Marina makes when the first one has started. */
class ClassArchiveIT {
    private static final String YAML =
            """
            contexts:
              /list: { war: list, ee: 10, isolation: process, page_after: 60s, ready: { timeout: 60s, path: /list/a.txt } }
            """;

    @TempDir
    private Path base;

    @Test
    void isMadeOnceAndUsedByTheNextStartsAndNotWhenItIsDamaged() throws IOException {
        try (HomeUnderTest home = HomeUnderTest.at(base, YAML)
                .write("webapps/list/WEB-INF/web.xml", "<web-app version=\"6.0\"/>")
                .write("webapps/list/a.txt", "hello")) {
            home.start();
            home.browser().awaitBody("/list/a.txt", "hello");
            assertThat(archivesOfProcesses(home)).isEmpty();
            await().atMost(HomeUnderTest.PATIENCE.multipliedBy(2))
                    .until(() -> archives(".sha256").size() == 1);

            home.marina("restart", "/list").exits(0);
            home.browser().awaitBody("/list/a.txt", "hello");
            Path archive = archives(".jsa").get(0);
            assertThat(archivesOfProcesses(home)).contains(archive.toString());
            assertThat(archives("")).as("nothing else is left").hasSize(2);

            try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
                file.setLength(3_000_000); // Java 17 crashes with such a one
            }
            home.marina("restart", "/list").exits(0);
            home.browser().awaitBody("/list/a.txt", "hello");
            assertThat(archivesOfProcesses(home)).isEmpty();
            assertThat(home.read("logs/contexts/list.log")).doesNotContain("[cds]", "archive");
            home.stop();
        }
    }

    private List<Path> archives(String ending) throws IOException {
        Path folder = base.resolve("work/cds");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /** What the JVMs of WARs have mapped, as the system says. */
    private static String archivesOfProcesses(HomeUnderTest home) throws IOException {
        StringBuilder mapped = new StringBuilder();
        for (long pid : home.processes()) {
            Path process = Path.of("/proc/" + pid);
            if (Files.readString(process.resolve("cmdline")).contains("marina.Main\0war\0")) {
                Files.readString(process.resolve("maps"))
                        .lines()
                        .filter(line -> line.contains("/work/cds/"))
                        .forEach(line -> mapped.append(line).append('\n'));
            }
        }
        return mapped.toString();
    }
}
