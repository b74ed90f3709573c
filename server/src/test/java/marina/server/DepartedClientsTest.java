package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import marina.testing.SilentBackend;
import marina.testing.SilentBackend.Visit;
import marina.testing.TestCertificates;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What is done for a client of HTTP/1.1 ends soon after it has left, whatever it waits for and however it leaves. */
@EnabledOnOs(OS.LINUX)
class DepartedClientsTest {
    private static final Path APPS = Path.of("target", "test-classes", "apps").toAbsolutePath();
    private static final String ASK = "GET /x HTTP/1.1\r\nHost: shop\r\n\r\n";

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

    enum Way {
        FIN,
        RESET,
        HALF_CLOSE;

        void leave(Socket socket) throws IOException {
            switch (this) {
                case FIN, RESET -> {
                    socket.setSoLinger(this == RESET, 0);
                    socket.close();
                }
                case HALF_CLOSE -> socket.shutdownOutput();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBackendSeesThatItsSilenceIsNoLongerWaitedFor(Way way) throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = upstream(backend, "");
                Socket client = socket(marina.uri(""))) {
            Visit visit = asked(backend, client, ASK);
            way.leave(client);

            soon().until(visit::isClosed);
            soon().until(() -> logged("GET /x 499"));
            soon().until(() -> marina.status("/").backend().leases() == 0);
            if (way == Way.HALF_CLOSE) {
                client.setSoTimeout(5_000);
                assertThat(client.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    @Test
    void aClientThatHasSentItsBodyIsMissedToo() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = upstream(backend, "");
                Socket client = socket(marina.uri(""))) {
            Visit visit = asked(backend, client, "POST /x HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello");
            Way.FIN.leave(client);

            soon().until(visit::isClosed);
            soon().until(() -> logged("POST /x 499"));
        }
    }

    @Test
    void anAnswerThatHasBegunAndIsSilentEndsWithItsClient() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = upstream(backend, "");
                Socket client = socket(marina.uri(""))) {
            Visit visit = asked(backend, client, ASK);
            visit.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1))
                    .isEqualTo("HTTP/1.1 200");
            Way.FIN.leave(client);

            soon().until(visit::isClosed);
            soon().until(() -> logged("GET /x 200"));
        }
    }

    @Test
    void anAnswerThatFlowsReachesAClientThatHasClosedItsHalf() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = upstream(backend, "");
                Socket client = socket(marina.uri(""))) {
            Visit visit = asked(backend, client, ASK);
            visit.say("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n");
            client.shutdownOutput();
            client.setSoTimeout(10_000);
            for (int i = 0; i < 40; i++) {
                visit.say("x");
                assertThat(client.getInputStream().read()).isNotNegative();
                await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            }
            soon().until(() -> logged("GET /x 200"));
        }
    }

    @Test
    void clientsOfTlsAndOfUnixSocketsAndBehindTheProxyProtocolAreMissed() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        try (SilentBackend backend = new SilentBackend()) {
            MarinaUnderTest.write(
                    base,
                    "conf/server.yml",
                    """
                    log: { access: '%%m %%U %%s' }
                    listen:
                      - { host: 127.0.0.1, port: 0, tls: { certificate: conf/a.crt, key: conf/a.key } }
                      - { host: 127.0.0.1, port: 0, proxy_protocol: true }
                      - "unix:run/http.sock"
                    contexts: { /: { upstream: "%s" } }
                    """
                            .formatted(backend.url()));
            try (MarinaUnderTest marina = MarinaUnderTest.startAsWritten(base)) {
                List<URI> urls = marina.server().urls();
                try (TlsWire polite = TlsWire.connect(urls.get(0).getPort(), "a.test")) {
                    polite.ask("/polite");
                    soon().until(() -> backend.visits().size() == 1);
                }
                Socket plain = socket(urls.get(0));
                TlsWire rude = TlsWire.over(plain, "a.test");
                rude.ask("/rude");
                soon().until(() -> backend.visits().size() == 2);
                Way.FIN.leave(plain);
                try (Socket proxied = socket(urls.get(1))) {
                    asked(backend, proxied, "PROXY TCP4 192.0.2.7 192.0.2.9 1000 80\r\n" + ASK);
                }
                try (SocketChannel unix = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    unix.connect(UnixDomainSocketAddress.of(base.resolve("run/http.sock")));
                    unix.write(ByteBuffer.wrap(ASK.getBytes(StandardCharsets.ISO_8859_1)));
                    soon().until(() -> backend.visits().size() == 4);
                }

                soon().until(() -> backend.visits().stream().allMatch(Visit::isClosed));
                soon().until(() -> lines.list.stream()
                                .filter(line -> line.getFormattedMessage().endsWith("499"))
                                .count()
                        == 4);
            }
        }
    }

    @Test
    void whoWaitsForAStartIsForgottenAndTheStartGoesOn() throws Exception {
        String app =
                "{ command: [node, app.js], directory: " + APPS + ", page_after: 60s, env: { START_DELAY: \"6000\" } }";
        try (MarinaUnderTest marina = marina("contexts: { /: " + app + " }\n");
                Socket client = socket(marina.uri(""))) {
            say(client, ASK);
            soon().until(() -> marina.status("/").state().equals("starting"));
            long left = System.nanoTime();
            Way.FIN.leave(client);

            soon().until(() -> logged("GET /x 499"));
            assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(5));
            marina.awaitState("/", "ready");
            assertThat(marina.status("/").backend().leases()).isZero();
        }
    }

    @Test
    void whoWaitsInTheQueueLeavesItsPlaceToOthers() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = upstream(backend, "limits: { max_concurrent: 1, max_queued: 1 }");
                Socket first = socket(marina.uri(""));
                Socket second = socket(marina.uri(""))) {
            Visit visit = asked(backend, first, ASK);
            say(second, "GET /second HTTP/1.1\r\nHost: shop\r\n\r\n");
            soon().until(() -> RawClient.get(marina.uri(""), "/full").startsWith("HTTP/1.1 503"));
            Way.FIN.leave(second);
            soon().until(() -> logged("GET /second 499"));
            try (Socket third = socket(marina.uri(""))) {
                say(third, "GET /third HTTP/1.1\r\nHost: shop\r\n\r\n");
                Way.FIN.leave(first); // frees the place, not only the queue
                soon().until(visit::isClosed);

                soon().until(() ->
                        backend.visits().stream().anyMatch(one -> one.heard().startsWith("GET /third")));
                assertThat(backend.visits()).noneMatch(one -> one.heard().startsWith("GET /second"));
            }
        }
    }

    @Test
    void whatAClientSaysAheadIsKeptAndAnsweredInItsTurn() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = upstream(backend, "");
                RawClient client = new RawClient(marina.uri(""))) {
            client.send(ASK);
            soon().until(() -> backend.visits().size() == 1);
            client.send("POST /next HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabc");
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // longer than two looks
            Visit visit = backend.visits().get(0);
            assertThat(visit.isClosed()).isFalse();
            visit.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
            assertThat(client.answer()).startsWith("HTTP/1.1 200").endsWith("first");

            soon().until(() -> visit.requests() == 2 && visit.heard().endsWith("abc"));
            visit.say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
            assertThat(client.answer()).startsWith("HTTP/1.1 200").endsWith("second");
        }
    }

    @Test
    void whoSaysSomethingAheadAndLeavesIsMissed() throws Exception {
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina = upstream(backend, "");
                Socket client = socket(marina.uri(""))) {
            Visit visit = asked(backend, client, ASK);
            say(client, "GET /next HTTP/1.1\r\nHost: shop\r\n\r\n");
            Way.FIN.leave(client);

            soon().until(visit::isClosed);
            assertThat(backend.visits()).noneMatch(one -> one.heard().contains("/next"));
        }
    }

    private MarinaUnderTest upstream(SilentBackend backend, String more) {
        return marina("contexts: { /: { upstream: \"" + backend.url() + "\"" + (more.isEmpty() ? "" : ", " + more)
                + " } }\n");
    }

    private MarinaUnderTest marina(String yaml) {
        return MarinaUnderTest.start(base, "log: { access: '%m %U %s' }\n" + yaml);
    }

    private static Socket socket(URI server) throws IOException {
        return new Socket(server.getHost(), server.getPort());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The connection on which the backend has got it. */
    private static Visit asked(SilentBackend backend, Socket client, String request) throws IOException {
        int before = backend.visits().size();
        say(client, request);
        String end = request.substring(request.length() - 4);
        soon().until(() -> backend.visits().size() > before
                && backend.visits().get(before).heard().endsWith(end));
        return backend.visits().get(before);
    }

    private boolean logged(String line) {
        return lines.list.stream().anyMatch(one -> one.getFormattedMessage().equals(line));
    }

    /** Two looks and some patience for a slow machine; far less than any time-out. */
    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20));
    }
}
