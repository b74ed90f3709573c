package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that listens on a Unix socket answers as one with a port does. */
class UnixSocketTest {
    private static final String APPS =
            Path.of("target/test-classes/apps").toAbsolutePath().toString();

    @TempDir
    private Path base;

    @Test
    void passesRequestsBodiesAndStreams() {
        try (MarinaUnderTest marina = start("node " + APPS + "/app.js", "")) {
            assertThat(marina.get("/app/x?y=1").body())
                    .contains("\"url\":\"/app/x?y=1\"")
                    .contains("\"host\":\"" + marina.uri("").getAuthority() + "\"")
                    .contains("\"x-forwarded-for\":\"127.0.0.1\"");
            assertThat(marina.post("/app/upload", "x".repeat(300_000)).body()).isEqualTo("300000");
            assertThat(marina.get("/app/events").body()).isEqualTo("data: 1\n\ndata: 2\n\ndata: 3\n\n");
            assertThat(marina.get("/app/env").body()).doesNotContain("\"PORT\"");
        }
    }

    @Test
    void passesUpgradedConnections() throws Exception {
        try (MarinaUnderTest marina = start("node " + APPS + "/app.js", "");
                Socket client =
                        new Socket(marina.uri("").getHost(), marina.uri("").getPort())) {
            client.getOutputStream()
                    .write(("GET /app/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nthrough the"
                                    + " tunnel")
                            .getBytes(StandardCharsets.US_ASCII));
            client.setSoTimeout(10_000);
            StringBuilder received = new StringBuilder();
            while (!received.toString().endsWith("through the tunnel")) {
                int next = client.getInputStream().read();
                assertThat(next).as("after " + received).isNotNegative();
                received.append((char) next);
            }
            assertThat(received).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void keepsTheSocketInAPrivateFolderThatGoesWithTheProcess() throws Exception {
        try (MarinaUnderTest marina = start("node " + APPS + "/app.js", "")) {
            String first = marina.get("/app/pid").body();
            Path socket = socket(marina);
            assertThat(socket).startsWith(base.resolve("run/sockets"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                    .isEqualTo("rwx------");

            ProcessHandle.of(Long.parseLong(first)).ifPresent(ProcessHandle::destroyForcibly);
            await().until(() -> !marina.status("/app").state().equals("ready"));

            assertThat(marina.get("/app/pid").body()).isNotEqualTo(first);
            assertThat(socket(marina)).as("no path is used twice").isNotEqualTo(socket);
            await().untilAsserted(() -> assertThat(socket.getParent()).doesNotExist());
        }
        assertThat(base.resolve("run/sockets")).isEmptyDirectory();
    }

    @Test
    void followsAnApplicationThatMakesItsSocketAnew() {
        MarinaUnderTest.write(
                base,
                "anew.js",
                """
                const path = process.env.SOCKET;
                const serve = (name) => require('node:http').createServer((request, response) => {
                  response.setHeader('Connection', 'close');
                  if (!request.url.endsWith('/again')) return response.end(name);
                  require('node:fs').unlinkSync(path);
                  serve('second').listen(path, () => response.end('done'));
                });
                serve('first').listen(path);
                """);
        try (MarinaUnderTest marina = start("node anew.js", "")) {
            assertThat(marina.get("/app/").body()).isEqualTo("first");
            assertThat(marina.get("/app/again").body()).isEqualTo("done");

            assertThat(marina.get("/app/").body()).isEqualTo("second");
        }
    }

    @Test
    void saysWhatToCheckWhenTheSocketDoesNotAppear() {
        try (MarinaUnderTest marina = start("sleep 60", ", ready: { timeout: 300ms }")) {
            assertThat(marina.get("/app/").statusCode()).isEqualTo(503);
            assertThat(marina.status("/app").backend().reason())
                    .contains("did not answer on socket " + base.resolve("run/sockets"))
                    .contains("the socket does not exist, check that the command listens on ${socket}");
        }
    }

    private MarinaUnderTest start(String command, String more) {
        return MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app: { command: "%s", socket: true, env: { SOCKET: "${socket}" }%s }
                """
                        .formatted(command, more));
    }

    private static Path socket(MarinaUnderTest marina) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> marina.status("/app").backend().address().startsWith("unix:"));
        return Path.of(marina.status("/app").backend().address().substring("unix:".length()));
    }
}
