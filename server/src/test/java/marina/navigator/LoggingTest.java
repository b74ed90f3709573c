package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import marina.testing.LineServer;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: where the output of tenants and managed processes goes, and what Vector gets of it. */
class LoggingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path base;

    private MarinaUnderTest start(String logging) {
        String app = Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();
        return new NavigatorBed(base)
                .navigator(
                        """
                        server: {listen: LISTEN}
                        logging: {%s}
                        managed_processes: [{name: clock, command: sh, args: [-c, 'echo tick; exec sleep 600']}]
                        applications:
                          tenants:
                            - {path: /showcase/one/, runtime: node, server: %s, args: [x]}
                            - {path: /two/, runtime: node, server: %s, args: [x]}
                        """
                                .formatted(logging, app, app))
                .start();
    }

    private String read(String file) throws IOException {
        Path path = base.resolve(file);
        return Files.exists(path) ? Files.readString(path) : "";
    }

    @Test
    void eachTenantHasAFileOfItsOwnInTheFolderThatIsNamed() {
        try (MarinaUnderTest marina = start("format: text, file: 'log/{{app}}.log'")) {
            assertThat(marina.get("/showcase/one/x").statusCode()).isEqualTo(200);
            // There what a tenant prints may be torn into pieces of other lines.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(read("log/contexts/showcase/one.log"))
                    .contains("starting as "));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(read("log/services/clock.log"))
                    .contains("tick"));
            assertThat(base.resolve("log/contexts/two.log")).doesNotExist();
        }
    }

    @Test
    void vectorGetsALineForEachLineAndHoldsUpNobodyWhileItIsNotThere() throws Exception {
        Path socket = Files.createTempDirectory("v").resolve("s");
        try (MarinaUnderTest marina = start("format: json, vector: {enabled: true, socket: " + socket + "}")) {
            assertThat(marina.get("/two/x").statusCode()).isEqualTo(200);
            try (LineServer vector = LineServer.at(socket)) {
                // In the order in which they came to be, those from before Vector was there included.
                assertThat(vector.next(line -> line.contains("tick"))).contains("\"source\":\"clock\"");
                assertThat(vector.next(line -> line.contains("starting as"))).contains("\"tenant\":\"two\"");
                assertThat(vector.next(line -> line.contains("\"uri\":\"/two/x\"")))
                        .contains("\"status\":200");
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(Objects.requireNonNull(socket.getParent()));
        }
    }
}
