package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nobody waits longer for a backend than its context says, and the log tells who did not wait. */
class BackendTimeoutsTest {
    @TempDir
    private Path base;

    private final Logger logger = (Logger) LoggerFactory.getLogger("marina.access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void aBackendThatDoesNotAnswerIsGivenUp() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                MarinaUnderTest marina = MarinaUnderTest.start(base, upstream(mute, "answer: 300ms"))) {
            assertThat(marina.get("/x").statusCode()).isEqualTo(504);
        }
    }

    @Test
    void aBackendThatAcceptsNoConnectionIsGivenUp() throws Exception {
        List<Socket> inQueue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                MarinaUnderTest marina = MarinaUnderTest.start(base, upstream(full, "connect: 300ms"))) {
            for (int i = 0; i < 2; i++) {
                inQueue.add(new Socket(full.getInetAddress(), full.getLocalPort()));
            }
            assertThat(marina.get("/x").statusCode()).isEqualTo(504);
        } finally {
            for (Socket one : inQueue) {
                one.close();
            }
        }
    }

    @Test
    void aClientThatLeavesInItsRequestIsLoggedAs499() throws Exception {
        Path apps = Path.of("target", "test-classes", "apps").toAbsolutePath();
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "log: { access: '%m %U %s' }\ncontexts: { /: { command: [node, app.js], directory: " + apps
                        + ", page_after: 20s } }\n")) {
            assertThat(marina.get("/").statusCode()).isEqualTo(200);
            try (RawClient client = new RawClient(marina.uri(""))) {
                client.send("POST /upload HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\nabc");
            }
            await().until(() -> lines.list.stream()
                    .anyMatch(line -> line.getFormattedMessage().equals("POST /upload 499")));
        }
    }

    private static String upstream(ServerSocket backend, String timeouts) throws IOException {
        return "contexts: { /: { upstream: \"http://127.0.0.1:" + backend.getLocalPort() + "\", timeouts: { " + timeouts
                + " } } }\n";
    }
}
