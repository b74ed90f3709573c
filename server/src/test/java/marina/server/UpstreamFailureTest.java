package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CopyOnWriteArrayList;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Routes whose upstream is away, slow, or not who it should be, and requests that must not get that far. */
class UpstreamFailureTest {
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    @TempDir
    private Path base;

    private final Logger logger = (Logger) LoggerFactory.getLogger("marina");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void anUpstreamThatIsAwayIsACleanPageAndALineInTheLog() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "log: { access: '%m %U %s' }\n"
                        + route("http://127.0.0.1:" + port + "/v1/$1", ", response_headers: { X-A: b }"))) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = marina.get("/api/x");

                assertThat(answer.statusCode()).isEqualTo(502);
                assertThat(answer.headers().firstValue("X-A")).hasValue("b");
                assertThat(answer.body()).contains("Bad Gateway").doesNotContain("Exception", "127.0.0.1", "jetty");
            }
            await().until(() -> logged("GET /api/x 502") == 3);
        }
        assertThat(logged("route ^/api/(.*)$: http://127.0.0.1:" + port)).isEqualTo(1);
    }

    @Test
    void anUpstreamThatIsSilentIsGivenUp() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        route("http://127.0.0.1:" + mute.getLocalPort() + "/", ", timeouts: { answer: 300ms }"))) {
            assertThat(marina.get("/api/x").statusCode()).isEqualTo(504);
        }
    }

    /** Many times, because the end of the connection must not be taken for the reason, and often comes at the same moment. */
    @Test
    void aCertificateThatNobodyVouchesForIsRefusedAndTheLogSaysWhy() throws Exception {
        TestCertificates.of("localhost").write(base, "a");
        try (MarinaUnderTest other = secure()) {
            StringBuilder routes = new StringBuilder("routes:\n");
            for (int i = 0; i < 50; i++) {
                routes.append("  - { match: '^/%d/(.*)$', upstream: \"%s\" }\n".formatted(i, url(other, "localhost")));
            }
            try (MarinaUnderTest marina = MarinaUnderTest.start(base.resolve("front"), routes.toString())) {
                for (int i = 0; i < 50; i++) {
                    assertThat(marina.get("/" + i + "/x").statusCode()).isEqualTo(502);
                }
            }
        }
        assertThat(lines.list)
                .map(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.startsWith("route "))
                .hasSize(50)
                .allSatisfy(line -> assertThat(line).contains("unable to find valid certification path"));
    }

    @Test
    void aCertificateThatIsVouchedForIsAcceptedForItsNameOnly() throws Exception {
        TestCertificates.Pair pair = TestCertificates.of("localhost").write(base, "a");
        Path store = base.resolve("trust.jks");
        KeyStore trusted = KeyStore.getInstance("JKS"); // read without a password
        trusted.load(null, null);
        trusted.setCertificateEntry("a", pair.certificate());
        try (OutputStream out = Files.newOutputStream(store)) {
            trusted.store(out, "secret".toCharArray());
        }
        System.setProperty(TRUST_STORE, store.toString());
        try (MarinaUnderTest other = secure();
                MarinaUnderTest right = MarinaUnderTest.start(base.resolve("right"), route(url(other, "localhost")));
                MarinaUnderTest wrong = MarinaUnderTest.start(base.resolve("wrong"), route(url(other, "127.0.0.1")))) {
            assertThat(right.get("/api/up").body()).isEqualTo("OK");
            assertThat(wrong.get("/api/up").statusCode()).isEqualTo(502);
        } finally {
            System.clearProperty(TRUST_STORE);
        }
    }

    @Test
    void passwordsCrawlersAndMaintenanceComeFirst() throws Exception {
        MarinaUnderTest.write(base, "conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        try (HeadEcho backend = new HeadEcho("away");
                MarinaUnderTest marina = MarinaUnderTest.start(
                        base,
                        route(backend.url() + "/$1") + "auth: { htpasswd: conf/htpasswd, public: [/api/open] }\n")) {
            assertThat(marina.get("/api/x").statusCode()).isEqualTo(401);
            assertThat(marina.get("/api/open").statusCode()).isEqualTo(200);
            assertThat(marina.get("/api/open/../x").statusCode()).isEqualTo(401);
            String known = RawClient.get(marina.uri(""), "/api/x", "Authorization: Basic YW5uYTp0ZXN0");
            assertThat(known).startsWith("HTTP/1.1 200").contains("\r\nRemote-User: anna\r\n");

            marina.reload(route(backend.url() + "/$1") + "bots: public_only\n");
            assertThat(marina.get("/api/x", "User-Agent", "Googlebot/2.1").statusCode())
                    .isEqualTo(403);
            assertThat(marina.get("/api/x").statusCode()).isEqualTo(200);

            int before = backend.heads().size();
            marina.reload(route(backend.url() + "/$1") + "maintenance: { enabled: true }\n");
            assertThat(marina.get("/api/x").statusCode()).isEqualTo(503);
            assertThat(backend.heads()).hasSize(before);
        }
    }

    @Test
    void aReloadChangesWhereARouteLeads() throws Exception {
        try (HeadEcho one = new HeadEcho("one");
                HeadEcho two = new HeadEcho("two");
                MarinaUnderTest marina = MarinaUnderTest.start(base, route(one.url() + "/$1"))) {
            assertThat(marina.get("/api/x").body()).startsWith("one\nGET /x ");
            marina.reload(route(two.url() + "/v2/$1"));
            assertThat(marina.get("/api/x").body()).startsWith("two\nGET /v2/x ");
        }
    }

    private MarinaUnderTest secure() throws IOException {
        MarinaUnderTest.write(
                base,
                "conf/server.yml",
                "listen: { host: 127.0.0.1, port: 0, tls: { certificate: conf/a.crt, key: conf/a.key } }\n");
        return MarinaUnderTest.startAsWritten(base);
    }

    private static String url(MarinaUnderTest other, String host) {
        return "https://" + host + ":" + other.uri("").getPort() + "/$1";
    }

    private long logged(String text) {
        return lines.list.stream()
                .filter(line -> line.getFormattedMessage().contains(text))
                .count();
    }

    private static String route(String url, String... more) {
        return "routes: [{ match: '^/api/(.*)$', upstream: \"" + url + "\"" + String.join("", more) + " }]\n";
    }
}
