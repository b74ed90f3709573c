package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether an open upgraded connection keeps its backend from idling. */
class IdleWithUpgradeTest {
    @TempDir
    private Path base;

    @Test
    void anOpenConnectionHoldsTheBackendUntilItIsClosed() throws Exception {
        try (MarinaUnderTest marina = start("hold")) {
            Socket socket = upgrade(marina.uri(""));
            await().during(Duration.ofSeconds(1))
                    .until(() -> marina.status("/app").state().equals("ready"));
            assertThat(echo(socket, "still there")).isEqualTo("still there");

            socket.close();

            marina.awaitState("/app", "stopped");
        }
    }

    @Test
    void withWebsocketsIgnoreTheBackendIdlesAndTheConnectionIsClosed() throws Exception {
        try (MarinaUnderTest marina = start("ignore");
                Socket socket = upgrade(marina.uri(""))) {
            assertThat(echo(socket, "hello")).isEqualTo("hello");

            marina.awaitState("/app", "stopped");

            assertThat(socket.getInputStream().read())
                    .as("end of the connection")
                    .isEqualTo(-1);
        }
    }

    private MarinaUnderTest start(String websockets) {
        return MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app:
                    command: [node, app.js]
                    directory: %s
                    idle_timeout: 400ms
                    websockets: %s
                """
                        .formatted(Path.of("target/test-classes/apps").toAbsolutePath(), websockets));
    }

    private static Socket upgrade(URI uri) throws IOException {
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write("GET /app/echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head).startsWith("HTTP/1.1 101");
        return socket;
    }

    private static String echo(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
    }
}
