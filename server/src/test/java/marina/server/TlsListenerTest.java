package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import javax.management.ObjectName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS with certificates from PEM files, over real connections. */
class TlsListenerTest {
    private static final String ONE =
            """
            listen: { host: 127.0.0.1, port: 0, tls: { certificate: conf/a.crt, key: conf/a.key } }
            hsts: { max_age: 1y, include_subdomains: true }
            """;

    @TempDir
    private Path base;

    @Test
    void speaksHttp2AndHttp1AndTellsBrowsersToStay() throws Exception {
        TestCertificates.Pair pair = TestCertificates.of("localhost").write(base, "a");
        try (MarinaUnderTest marina = start(ONE)) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(trusting(pair))
                        .version(version)
                        .build();
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port(marina) + "/up"))
                                .build(),
                        BodyHandlers.ofString());

                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.body()).isEqualTo("OK");
                assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                        .hasValue("max-age=31536000; includeSubDomains");
            }
        }
    }

    @Test
    void scriptsLearnThatTheirRequestCameByTls() throws Exception {
        TestCertificates.Pair pair = TestCertificates.of("localhost").write(base, "a");
        MarinaUnderTest.write(base, "cgi/env.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'; env | sort\n");
        assertThat(base.resolve("cgi/env.sh").toFile().setExecutable(true)).isTrue();
        try (MarinaUnderTest marina = start(ONE + "contexts: { /env: { cgi: cgi/env.sh } }\n")) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(trusting(pair))
                        .version(version)
                        .build();
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port(marina) + "/env/"))
                                .build(),
                        BodyHandlers.ofString());

                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.body().lines())
                        .contains(
                                "HTTPS=on",
                                "REQUEST_SCHEME=https",
                                "SERVER_NAME=localhost",
                                "SERVER_PORT=" + port(marina));
            }
        }
    }

    @Test
    void showsTheCertificateOfTheNameAndTheFirstToAllOthers() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        TestCertificates.of(Instant.now().plus(Duration.ofDays(90)), "RSA", "b.test", "*.b.test")
                .write(base, "b");
        try (MarinaUnderTest marina = start(
                """
                listen:
                  - host: 127.0.0.1
                    port: 0
                    tls: [{ certificate: conf/a.crt, key: conf/a.key }, { certificate: conf/b.crt, key: conf/b.key }]
                """)) {
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                assertThat(subject(marina, "a.test", version)).isEqualTo("CN=a.test");
                assertThat(subject(marina, "b.test", version)).isEqualTo("CN=b.test");
                assertThat(subject(marina, "x.b.test", version)).isEqualTo("CN=b.test");
                assertThat(subject(marina, "unknown.test", version)).isEqualTo("CN=a.test");
                assertThat(subject(marina, "", version)).isEqualTo("CN=a.test");
            }
            try (TlsWire wire = TlsWire.connect(port(marina), "unknown.test")) {
                assertThat(wire.head("/up")).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void tellsBrowsersToStayInErrorsToo() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        try (MarinaUnderTest marina = start(ONE + "contexts: { /gone: { upstream: \"http://127.0.0.1:1\" } }\n");
                TlsWire wire = TlsWire.connect(port(marina), "a.test")) {
            assertThat(wire.head("/gone/x")).startsWith("HTTP/1.1 502").contains("Strict-Transport-Security: max-age=");
        }
    }

    @Test
    void refusesOldVersions() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        try (MarinaUnderTest marina = start(ONE)) {
            assertThatThrownBy(() -> TlsWire.connect(port(marina), "a.test", "TLSv1.1"))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void exchangesTheCertificateWhenItsFilesChangeAndConnectionsGoOn() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        try (MarinaUnderTest marina = start(ONE);
                TlsWire open = TlsWire.connect(port(marina), "")) {
            TestCertificates.of("new.test").write(base, "a");

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(subject(marina, "")).isEqualTo("CN=new.test"));
            assertThat(open.head("/up")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void keepsTheCertificateWhenTheNewOneDoesNotFitItsKey() throws Exception {
        TestCertificates.of("a.test").write(base, "a");
        try (MarinaUnderTest marina = start(ONE)) {
            TestCertificates.of("new.test").writeCertificate(base, "a");

            ReloadOutcome outcome = marina.server().reloader().reload().join();

            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.messages())
                    .singleElement()
                    .asString()
                    .startsWith("conf/server.yml:1:")
                    .contains("listen.tls.key: \"conf/a.key\" is not the key of the certificate (CN=new.test)");
            assertThat(subject(marina, "")).isEqualTo("CN=a.test");
        }
    }

    @Test
    void showsInJmxHowLongTheCertificateLasts() throws Exception {
        TestCertificates.of(Instant.now().plus(Duration.ofDays(20)), "EC", "a.test")
                .write(base, "a");
        try (MarinaUnderTest marina = start(ONE)) {
            ObjectName name = new ObjectName("marina:type=Listener,address=\"127.0.0.1:0\"");
            assertThat(marina.mbeans().getAttribute(name, "CertificateDaysLeft"))
                    .isEqualTo(19L);
            assertThat((String[]) marina.mbeans().getAttribute(name, "Certificates"))
                    .singleElement()
                    .asString()
                    .startsWith("a.test until 20");
        }
    }

    @Test
    void warnsAMonthAndAWeekBeforeTheEnd() {
        Instant end = Instant.parse("2030-03-31T12:00:00Z");
        assertThat(CertificateAge.of(end, end.minus(Duration.ofDays(31)))).isEqualTo(CertificateAge.FINE);
        assertThat(CertificateAge.of(end, end.minus(Duration.ofDays(30)))).isEqualTo(CertificateAge.MONTH_LEFT);
        assertThat(CertificateAge.of(end, end.minus(Duration.ofDays(7)))).isEqualTo(CertificateAge.WEEK_LEFT);
        assertThat(CertificateAge.of(end, end)).isEqualTo(CertificateAge.EXPIRED);
    }

    private MarinaUnderTest start(String yaml) {
        MarinaUnderTest.write(base, "conf/server.yml", yaml);
        return MarinaUnderTest.startAsWritten(base);
    }

    private static int port(MarinaUnderTest marina) {
        return marina.server().urls().get(0).getPort();
    }

    private static String subject(MarinaUnderTest marina, String name, String... versions) throws Exception {
        try (TlsWire wire = TlsWire.connect(port(marina), name, versions)) {
            return wire.subject();
        }
    }

    static SSLContext trusting(TestCertificates.Pair pair) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("one", pair.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
