package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import marina.testing.AcmeAuthority;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that a whole Marina orders from an authority, which fetches the proofs from its plain listener. */
class OrderedCertificateTest {
    @TempDir
    private Path base;

    private final AcmeAuthority authority = AcmeAuthority.start();

    @AfterEach
    void end() {
        assertThat(authority.violations()).isEmpty();
        authority.close();
    }

    @Test
    void comesWhileAPlaceholderIsShownAndHttp2GoesOn() throws Exception {
        authority.refuseNextNonce();
        authority.processFor(2);
        try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test", "www.a.test"));
                TlsWire early = TlsWire.connect(bed.tlsPort(), "a.test")) {
            assertThat(early.certificate().getIssuerX500Principal().getName()).isEqualTo("CN=a.test");
            assertThat(bed.daysLeft()).isZero();
            assertThat(bed.acme()).singleElement().asString().contains("a.test www.a.test: no certificate");

            bed.answersFor(authority, "a.test", "www.a.test");

            bed.awaitCertificate(authority, "www.a.test");
            assertThat(AcmeBed.isTrusted(authority, bed.shown("a.test"), "a.test"))
                    .isTrue();
            assertThat(early.head("/up")).startsWith("HTTP/1.1 200");
            HttpResponse<String> answer = http2(bed.tlsPort());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("OK");
            assertThat(bed.daysLeft()).isEqualTo(89);
            assertThat(bed.acme()).singleElement().asString().contains("certificate of the authority, last attempt 20");
            assertThat(authority.orders()).containsExactly(List.of("a.test", "www.a.test"));
        }
    }

    @Test
    void isKeptForTheNextStartWhichOrdersNothing() throws Exception {
        String yaml = AcmeBed.listen(authority.directory(), "a.test", "www.a.test");
        X509Certificate first = order(yaml, "a.test", "www.a.test");
        assertOnlyMarinaCanRead(base.resolve("data/acme"));

        try (AcmeBed bed = AcmeBed.start(base, yaml)) {
            assertThat(bed.shown("a.test")).isEqualTo(first);
            await().until(() -> bed.acme().get(0).contains("next try or look"));
        }

        // in another order of the names it is the same certificate
        try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "www.a.test", "A.test"))) {
            assertThat(bed.shown("a.test")).isEqualTo(first);
            await().until(() -> bed.acme().get(0).contains("next try or look"));
        }
        assertThat(authority.orders()).hasSize(1);
        assertThat(authority.accounts()).isEqualTo(1);
    }

    @Test
    void isRenewedInTimeAndOpenConnectionsGoOn() throws Exception {
        authority.issueFor(Duration.ofSeconds(18));
        try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test"))) {
            bed.answersFor(authority, "a.test");
            X509Certificate first = bed.awaitCertificate(authority, "a.test");
            authority.issueFor(Duration.ofDays(90));
            try (TlsWire open = TlsWire.connect(bed.tlsPort(), "a.test")) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !bed.shown("a.test").equals(first));

                assertThat(Instant.now()).isBefore(first.getNotAfter().toInstant());
                assertThat(bed.shown("a.test").getPublicKey()).isNotEqualTo(first.getPublicKey());
                assertThat(open.head("/up")).startsWith("HTTP/1.1 200");
                assertThat(authority.accounts()).isEqualTo(1);
            }
        }
    }

    @Test
    void isRenewedWhenTheAuthorityWantsItSooner() throws Exception {
        String yaml = AcmeBed.listen(authority.directory(), "a.test");
        X509Certificate first = order(yaml, "a.test");
        authority.renewFrom(Instant.now().minusSeconds(60));
        age(Duration.ofDays(1));

        try (AcmeBed bed = AcmeBed.start(base, yaml)) {
            bed.answersFor(authority, "a.test");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !bed.shown("a.test").equals(first));
        }
        String serial = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(first.getSerialNumber().toByteArray());
        assertThat(authority.replaced()).containsExactly("AQIDBA." + serial);
    }

    @Test
    void isProvedBeforeRedirectsPasswordsAndMaintenance() throws Exception {
        MarinaUnderTest.write(base, "conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        String yaml = AcmeBed.listen(authority.directory(), "a.test")
                + """
                auth: { htpasswd: conf/htpasswd }
                maintenance: { enabled: true }
                base_path: /deep
                routes: [{ match: "^/", redirect: "https://elsewhere.test/" }]
                """;
        try (AcmeBed bed = AcmeBed.start(base, yaml)) {
            assertThat(bed.marina().get("/.well-known/acme-challenge/unknown").statusCode())
                    .isEqualTo(301);

            bed.answersFor(authority, "a.test");

            bed.awaitCertificate(authority, "a.test");
        }
    }

    @Test
    void leavesTheTokensOfOthersToTheirContext() throws Exception {
        MarinaUnderTest.write(base, "site/.well-known/acme-challenge/other", "theirs");
        authority.neverValidate();
        String yaml = AcmeBed.listen(authority.directory(), "a.test").replace(", redirect_to_https: true", "")
                + "contexts: { /: { files: site } }\n";
        try (AcmeBed bed = AcmeBed.start(base, yaml)) {
            await().until(() -> authority.orders().size() == 1);
            assertThat(bed.marina().get("/.well-known/acme-challenge/other").body())
                    .isEqualTo("theirs");
        }
    }

    @Test
    void isOrderedAgainWhenTheNamesChangeAndTheOldOneServesMeanwhile() throws Exception {
        try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test"))) {
            bed.answersFor(authority, "a.test");
            X509Certificate first = bed.awaitCertificate(authority, "a.test");

            MarinaUnderTest.write(base, "conf/server.yml", AcmeBed.listen(authority.directory(), "a.test", "b.test"));
            assertThat(bed.marina().server().reloader().reload().join().succeeded())
                    .isTrue();

            assertThat(bed.shown("a.test")).isEqualTo(first);
            bed.answersFor(authority, "b.test");
            bed.awaitCertificate(authority, "b.test");
            assertThat(AcmeBed.isTrusted(authority, bed.shown("a.test"), "a.test"))
                    .isTrue();
        }
    }

    @Test
    void isSharedByListenersForTheSameNames() throws Exception {
        String tls = "tls: { acme: " + AcmeBed.acme(authority.directory(), "a.test") + " }";
        String yaml =
                """
                listen:
                  - { host: 127.0.0.1, port: 0 }
                  - { host: 127.0.0.1, port: 0, %s }
                  - { host: 127.0.0.2, port: 0, %s }
                """
                        .formatted(tls, tls);
        try (AcmeBed bed = AcmeBed.start(base, yaml)) {
            bed.answersFor(authority, "a.test");
            X509Certificate first = bed.awaitCertificate(authority, "a.test");
            int otherPort = bed.marina().server().urls().get(2).getPort();
            await().untilAsserted(() -> {
                try (TlsWire wire = TlsWire.over(new Socket("127.0.0.2", otherPort), "a.test")) {
                    assertThat(wire.certificate()).isEqualTo(first);
                }
            });
            assertThat(authority.orders()).hasSize(1);
        }
    }

    private X509Certificate order(String yaml, String... names) throws Exception {
        try (AcmeBed bed = AcmeBed.start(base, yaml)) {
            bed.answersFor(authority, names);
            return bed.awaitCertificate(authority, names[0]);
        }
    }

    private void age(Duration age) throws Exception {
        try (Stream<Path> files = Files.walk(base.resolve("data/acme"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".pem")).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
            }
        }
    }

    private static void assertOnlyMarinaCanRead(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> paths = all.toList();
            assertThat(paths).hasSize(4); // the folder, the authority's, account.key, the certificate
            for (Path path : paths) {
                String mode =
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
                assertThat(mode).as(path.toString()).isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    /** The names lead nowhere on this machine, so the client takes whatever it is shown. */
    private static HttpResponse<String> http2(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        HttpClient client = HttpClient.newBuilder().sslContext(context).build();
        URI uri = URI.create("https://127.0.0.1:" + port + "/up");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** Looks at nothing, the name included. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
