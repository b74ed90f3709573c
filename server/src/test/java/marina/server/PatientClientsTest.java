package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import marina.testing.SilentBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whether a client is watched depends on who has its request now, and not on who had it before or on where it came in. */
@EnabledOnOs(OS.LINUX)
class PatientClientsTest {
    private static final String PAGE = "<%@ page session=\"false\" %><% Thread.sleep(5000); %>patience";

    @TempDir
    private Path base;

    @Test
    void aClientThatHasClosedItsHalfGetsThePageThatAColdWebApplicationTakesItsTimeFor() throws Exception {
        MarinaUnderTest.write(base, "webapps/app/slow.jsp", PAGE);
        MarinaUnderTest.write(base, "webapps/app/WEB-INF/web.xml", "<web-app version=\"6.0\"/>");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                        base, "defaults: { page_after: 60s }\ncontexts: { /app: { war: app, ee: 10 } }\n");
                Socket client = socket(marina.uri(""))) {
            say(client, "GET /app/slow.jsp HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> marina.status("/app").state().equals("ready"));
            client.shutdownOutput();

            assertThat(all(client)).startsWith("HTTP/1.1 200").endsWith("patience");
        }
    }

    @Test
    void aClientThatHasClosedItsHalfGetsItsPageAfterTheQueueToo() throws Exception {
        MarinaUnderTest.write(base, "webapps/app/slow.jsp", PAGE);
        MarinaUnderTest.write(base, "webapps/app/WEB-INF/web.xml", "<web-app version=\"6.0\"/>");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        """
                        defaults: { page_after: 60s }
                        contexts: { /app: { war: app, ee: 10, limits: { max_concurrent: 1, max_queued: 1 } } }
                        """);
                Socket first = socket(marina.uri(""));
                Socket second = socket(marina.uri(""))) {
            assertThat(marina.get("/app/none").statusCode()).isEqualTo(404); // it runs
            String ask = "GET /app/slow.jsp HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
            say(first, ask);
            await().until(() -> marina.status("/app").backend().leases() == 1);
            say(second, ask);
            await().until(() -> RawClient.get(marina.uri(""), "/app/none").startsWith("HTTP/1.1 503"));
            assertThat(all(first)).endsWith("patience");
            second.shutdownOutput();

            assertThat(all(second)).startsWith("HTTP/1.1 200").endsWith("patience");
        }
    }

    @Test
    void aClientIsMissedThoughItsAddressIsNoLongerListenedOn() throws Exception {
        try (SilentBackend backend = new SilentBackend()) {
            String contexts = "drain: 60s\ncontexts: { /: { upstream: \"" + backend.url() + "\" } }\n";
            MarinaUnderTest.write(
                    base, "conf/server.yml", "listen: [\"127.0.0.1:0\", \"unix:run/http.sock\"]\n" + contexts);
            try (MarinaUnderTest marina = MarinaUnderTest.startAsWritten(base);
                    Socket client = socket(marina.server().urls().get(0))) {
                say(client, "GET /x HTTP/1.1\r\nHost: shop\r\n\r\n");
                await().until(() -> backend.visits().size() == 1
                        && backend.visits().get(0).heard().endsWith("\r\n\r\n"));
                MarinaUnderTest.write(base, "conf/server.yml", "listen: [\"unix:run/http.sock\"]\n" + contexts);
                marina.server().reloader().reload().join();
                assertThat(marina.server().urls()).hasSize(1);
                assertThat(backend.visits().get(0).isClosed()).isFalse();

                client.shutdownOutput();

                await().until(() -> backend.visits().get(0).isClosed());
            }
        }
    }

    private static Socket socket(URI server) throws IOException {
        Socket socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
