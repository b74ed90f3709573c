package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of the console's pages that compute, tried in Node; and what holds for the text of all of them. */
class ConsoleModulesTest {
    private static final Path PAGES = Path.of("src", "main", "resources", "console");
    private static final int MOST_LINES = 300;

    @Test
    void computesAsItsOwnTestsSay(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("package.json"), "{ \"type\": \"module\" }");
        for (Path from : new Path[] {PAGES, Path.of("src", "test", "resources", "console")}) {
            try (Stream<Path> files = Files.list(from)) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".js")).toList()) {
                    Files.copy(file, folder.resolve(file.getFileName()));
                }
            }
        }
        Path log = folder.resolve("log");
        Process node = new ProcessBuilder("node", "--test", "modules.test.js")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains("# fail 0").doesNotContain("# pass 0");
    }

    @Test
    void writesDataAsTextOnly() throws IOException {
        assertThat(own()).isNotEmpty().allSatisfy(file -> assertThat(text(file))
                .as(file.toString())
                .doesNotContain(
                        ".innerHTML", ".outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"));
    }

    @Test
    void asksNobodyButItsServer() throws IOException {
        assertThat(own()).allSatisfy(file -> assertThat(
                        text(file).replace("http://www.w3.org/2000/svg", "").replace("^https?:", ""))
                .as(file.toString())
                .doesNotContain("http:", "https:", "style=\"", " onclick=\""));
    }

    @Test
    void hasModulesThatCanBeReadAtOnce() throws IOException {
        assertThat(own())
                .allSatisfy(file ->
                        assertThat(text(file).lines()).as(file.toString()).hasSizeLessThanOrEqualTo(MOST_LINES));
    }

    /** All files but the kept library. */
    private static List<Path> own() throws IOException {
        try (Stream<Path> files = Files.walk(PAGES)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("vendor"))
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
