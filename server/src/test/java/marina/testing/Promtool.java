package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prometheus' own judgement of a page of metrics, where promtool is installed. */
public final class Promtool {
    private Promtool() {}

    /** Whether it is there. */
    public static boolean isInstalled() {
        return program().isPresent();
    }

    /** Fails when promtool finds anything in a page that it would not scrape, or that breaks its rules of style. */
    public static void check(String page, Path folder) throws IOException, InterruptedException {
        Path input = folder.resolve("metrics.txt");
        Path output = folder.resolve("promtool.txt");
        Files.writeString(input, page);
        Process promtool = new ProcessBuilder(List.of(program().orElseThrow().toString(), "check", "metrics"))
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = promtool.waitFor();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(said).as("what promtool says").isEmpty();
        assertThat(status).isZero();
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
