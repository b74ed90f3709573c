package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import marina.testing.LineServer;
import marina.testing.MarinaUnderTest;
import marina.testing.ShortSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: lines stay whole, and nobody waits for Vector. */
class ProductionLogTest {
    @TempDir
    private Path base;

    @RegisterExtension
    private final ShortSocket socket = new ShortSocket();

    private NavigatorBed bed(String logging) {
        String app = Path.of("src/test/resources/apps/chat.js").toAbsolutePath().toString();
        return new NavigatorBed(base)
                .navigator(
                        """
                        server: {listen: LISTEN}
                        logging: {%s}
                        applications:
                          tenants:
                            - {path: /one/, runtime: node, server: %s, args: [x]}
                            - {path: /two/, runtime: node, server: %s, args: [x]}
                        """
                                .formatted(logging, app, app));
    }

    private String read(String file) {
        try {
            Path path = base.resolve(file);
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void linesOfTenantsStayWholeAndApart() {
        try (MarinaUnderTest marina = bed("file: 'log/{{app}}/{{app}}.log'").start()) {
            // There three writes make a line, and lines of others come between them.
            var one = marina.getAsync("/one/print?lines=2000");
            var two = marina.getAsync("/two/print?lines=2000");
            assertThat(one.join().statusCode()).isEqualTo(200);
            assertThat(two.join().statusCode()).isEqualTo(200);
            marina.server().stop(); // the last line has no end before
        }
        List<String> expected =
                IntStream.rangeClosed(1, 1999).mapToObj(i -> "line " + i).toList();
        for (String tenant : List.of("one", "two")) {
            List<String> lines = read("log/contexts/" + tenant + ".log")
                    .lines()
                    .map(line -> line.replaceFirst(".*?(line \\d+).*", "$1"))
                    .filter(line -> line.startsWith("line "))
                    .toList();
            assertThat(lines).startsWith(expected.toArray(String[]::new)).contains("line 2000");
        }
    }

    @Test
    void aVectorThatDoesNotReadAndOneThatIsNotThereHoldUpNobody() {
        String vector = "vector: {enabled: true, socket: " + socket.path() + "}";
        try (MarinaUnderTest marina = bed(vector).start()) {
            assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
            try (LineServer stuck = LineServer.stuckAt(socket.path())) {
                assertThat(stuck).isNotNull();
                // There a request ends when Vector has taken its line.
                long begin = System.nanoTime();
                for (int i = 0; i < 500; i++) {
                    assertThat(marina.get("/one/" + "x".repeat(4000)).statusCode())
                            .isEqualTo(200);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
            }
        }
    }
}
