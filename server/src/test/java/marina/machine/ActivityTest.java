package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a machine awake, and what does not. */
class ActivityTest {
    private static final String IDLE = "timeout: 1s";

    @TempDir
    private Path base;

    @Test
    void whatNoApplicationAnswersDoesNotKeepItAwake() throws Exception {
        Files.createDirectories(base.resolve("public"));
        Files.writeString(base.resolve("public/hello.txt"), "hello");
        String server =
                """
                public: { directory: public }
                routes: [{ match: "^/old$", redirect: /new }]
                contexts:
                  /closed: { upstream: "http://127.0.0.1:1", maintenance: { enabled: true } }
                  /shy: { upstream: "http://127.0.0.1:1", bots: reject }
                  /secret: { upstream: "http://127.0.0.1:1", auth: { htpasswd: conf/htpasswd } }
                """;
        Files.createDirectories(base.resolve("conf"));
        Files.writeString(base.resolve("conf/htpasswd"), "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=");
        try (MachineBed bed = MachineBed.start(base, IDLE, server)) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> visitors = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    status(bed, 200, "/up");
                    status(bed, 200, "/hello.txt");
                    status(bed, 302, "/old");
                    status(bed, 404, "/nowhere");
                    status(bed, 503, "/closed/");
                    status(bed, 403, "/shy/", "User-Agent", "Googlebot/2.1");
                    status(bed, 401, "/secret/");
                }
            });
            bed.awaitCalls(1);
            over.set(true);
            visitors.join();
        }
    }

    private static void status(MachineBed bed, int expected, String path, String... headers) {
        assertThat(bed.marina.get(path, headers).statusCode()).as(path).isEqualTo(expected);
    }

    @Test
    void requestsDo() {
        try (MachineBed bed = MachineBed.start(base, IDLE, MachineBed.app(""))) {
            await().during(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        bed.answers("/app/");
                        return bed.api.calls().isEmpty();
                    });
            bed.awaitCalls(1);
        }
    }

    @Test
    void aLongRequestDoesAndTheClockBeginsWithItsEnd() {
        try (MachineBed bed = MachineBed.start(base, IDLE, MachineBed.app(""))) {
            bed.answers("/app/slow?ms=2500");
            long end = System.nanoTime();
            assertThat(bed.api.calls()).isEmpty();
            bed.awaitCalls(1);
            assertThat(bed.api.calls().get(0).nanos() - end)
                    .isGreaterThan(Duration.ofMillis(950).toNanos());
        }
    }

    @Test
    void anOpenWebSocketDoesAndTheClockBeginsWithItsEnd() throws Exception {
        try (MachineBed bed = MachineBed.start(base, IDLE, MachineBed.app(""))) {
            Socket socket = upgrade(bed.marina.uri(""), "/app/echo");
            await().during(Duration.ofSeconds(2)).until(() -> bed.api.calls().isEmpty());
            assertThat(bed.machine().state()).isEqualTo(MachineState.RUNNING);

            long end = System.nanoTime();
            socket.close();
            bed.awaitCalls(1);
            assertThat(bed.api.calls().get(0).nanos() - end)
                    .isGreaterThan(Duration.ofMillis(950).toNanos());
        }
    }

    @Test
    void anOpenWebSocketOfARouteDoesToo() throws Exception {
        String app = MachineBed.app("min_instances: 1");
        try (MachineBed backend = MachineBed.start(base.resolve("backend"), "timeout: 1h", app);
                MachineBed bed = MachineBed.start(
                        base.resolve("front"),
                        IDLE,
                        "routes: [{ match: \"^/live$\", upstream: \"" + backend.marina.uri("/app/echo") + "\" }]\n")) {
            Socket socket = upgrade(bed.marina.uri(""), "/live");
            await().during(Duration.ofSeconds(2)).until(() -> bed.api.calls().isEmpty());
            socket.close();
            bed.awaitCalls(1);
        }
    }

    @Test
    void withWebsocketsIgnoreItDoesNot() throws Exception {
        try (MachineBed bed = MachineBed.start(base, IDLE + ", websockets: ignore", MachineBed.app(""));
                Socket socket = upgrade(bed.marina.uri(""), "/app/echo")) {
            bed.awaitCalls(1);
            assertThat(bed.marina.status("/app").state()).isEqualTo("stopped");
            assertThat(socket.getInputStream().read()).as("the end of it").isEqualTo(-1);
        }
    }

    @Test
    void aHookInTheBackgroundDoes() {
        String hooks = "hooks: { ready: [" + MachineBed.slowEvent("ready", "done") + "] }\n";
        try (MachineBed bed = MachineBed.start(base, IDLE, hooks)) {
            bed.awaitEvent("ready");
            await().during(Duration.ofSeconds(2)).until(() -> bed.api.calls().isEmpty());
            bed.letGo();
            bed.awaitCalls(1);
        }
    }

    @Test
    void aLeaseDoesUntilItEnds() {
        try (MachineBed bed = MachineBed.start(base, IDLE, MachineBed.app("idle_timeout: 200ms"))) {
            bed.answers("/app/");
            bed.marina.server().machine().lease("import", Duration.ofSeconds(3), "/app");
            assertThat(bed.machine().leases()).singleElement().satisfies(lease -> assertThat(lease.name())
                    .isEqualTo("import"));

            await().during(Duration.ofSeconds(2)).until(() -> bed.api.calls().isEmpty());
            assertThat(bed.marina.status("/app").state()).as("it is pinned").isEqualTo("ready");
            bed.awaitCalls(1);
            assertThat(bed.machine().leases()).isEmpty();
            assertThat(bed.marina.status("/app").state()).isEqualTo("stopped");
        }
    }

    private static Socket upgrade(URI uri, String path) throws Exception {
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(15_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head).startsWith("HTTP/1.1 101");
        return socket;
    }
}
