package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import marina.testing.AcmeAuthority;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whatever an authority does, the server starts and serves, says what is wrong, and goes on trying. */
class FailedOrderTest {
    private static final Pattern NEXT = Pattern.compile("next try or look (\\S+)$");

    @TempDir
    private Path base;

    @Test
    void anAuthorityThatIsDownBlocksNothingAndIsAskedAgain() throws Exception {
        URI directory;
        int port;
        try (AcmeAuthority gone = AcmeAuthority.start()) {
            directory = gone.directory();
            port = directory.getPort();
        }
        try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(directory, "a.test"))) {
            String problem = bed.awaitProblem("cannot be reached");
            assertThat(problem).contains(directory.toString()).contains("look at the network, the DNS and directory");
            assertThat(Duration.between(Instant.now(), next(problem)))
                    .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(75));
            assertThat(bed.marina().get("/up").body()).isEqualTo("OK");
            assertThat(bed.shown("a.test").getIssuerX500Principal().getName()).isEqualTo("CN=a.test");

            try (AcmeAuthority authority = AcmeAuthority.startAt(port)) {
                bed.answersFor(authority, "a.test");
                bed.retryOrders();
                bed.awaitCertificate(authority, "a.test");
                assertThat(bed.acme().get(0)).doesNotContain("problem");
            }
        }
    }

    @Test
    void aDirectoryThatIsNoneIsNamed() {
        try (AcmeAuthority authority = AcmeAuthority.start();
                AcmeBed bed =
                        AcmeBed.start(base, AcmeBed.listen(authority.directory().resolve("/nonsense"), "a.test"))) {
            assertThat(bed.awaitProblem("problem"))
                    .contains("/nonsense", "HTTP 404", "it must be the URL of an ACME directory");
        }
    }

    @Test
    void aNameThatLeadsElsewhereIsExplained() throws Exception {
        try (AcmeAuthority authority = AcmeAuthority.start();
                AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test", "b.test"))) {
            bed.answersFor(authority, "a.test");
            authority.leads("b.test", 1);

            assertThat(bed.awaitProblem("problem"))
                    .contains("b.test: the authority says connection: ")
                    .contains("http://b.test/.well-known/acme-challenge/ on port 80");

            bed.answersFor(authority, "b.test");
            bed.retryOrders();
            bed.awaitCertificate(authority, "b.test");
        }
    }

    @Test
    void anOrderThatFailsInTheEndKeepsTheCertificateBefore() throws Exception {
        try (AcmeAuthority authority = AcmeAuthority.start();
                AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test"))) {
            bed.answersFor(authority, "a.test", "never-issued.test");
            X509Certificate before = bed.awaitCertificate(authority, "a.test");

            MarinaUnderTest.write(
                    base, "conf/server.yml", AcmeBed.listen(authority.directory(), "a.test", "never-issued.test"));
            assertThat(bed.marina().server().reloader().reload().join().succeeded())
                    .isTrue();

            assertThat(bed.awaitProblem("problem"))
                    .contains("caa: the domain does not want us")
                    .contains("the CAA record of the name must allow this authority");
            assertThat(bed.shown("a.test")).isEqualTo(before);
            assertThat(bed.daysLeft()).isEqualTo(89);
        }
    }

    @Test
    void aServerThatNobodyCanAskOnPort80WarnsAndStarts() {
        Logger logger = (Logger) LoggerFactory.getLogger(Listeners.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        try (AcmeAuthority authority = AcmeAuthority.start();
                AcmeBed bed = AcmeBed.start(
                        base,
                        "listen: { host: 127.0.0.1, port: 0, tls: { acme: "
                                + AcmeBed.acme(authority.directory(), "a.test") + " } }\n")) {
            assertThat(bed.marina().server().urls()).hasSize(1);
            assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).anySatisfy(line -> assertThat(line)
                    .startsWith("a.test: the authority proves names by asking on port 80, and no listener is")
                    .contains("add { port: 80, redirect_to_https: true } to listen"));
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void aLimitOfTheAuthorityIsRespectedWhateverIsDone() throws Exception {
        try (AcmeAuthority authority = AcmeAuthority.start()) {
            authority.refuseNext(429, "rateLimited", "too many\ncertificates", 7200);
            try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test"))) {
                bed.answersFor(authority, "a.test");
                String problem = bed.awaitProblem("rateLimited: too many certificates");
                assertThat(Duration.between(Instant.now(), next(problem)))
                        .isBetween(Duration.ofMinutes(118), Duration.ofMinutes(121));
                bed.retryOrders();
                await().during(Duration.ofSeconds(2))
                        .until(() -> authority.orders().isEmpty());
            }
            // nor is it forgotten by the next start
            try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test"))) {
                bed.answersFor(authority, "a.test");
                String problem = bed.awaitProblem("rateLimited: too many certificates");
                assertThat(Duration.between(Instant.now(), next(problem))).isGreaterThan(Duration.ofMinutes(115));
                assertThat(authority.orders()).isEmpty();
            }
        }
    }

    @Test
    void whereNothingCanBeKeptNothingIsOrdered() throws Exception {
        Files.createDirectories(base.resolve("data"));
        Files.writeString(base.resolve("data/acme"), "in the way");
        try (AcmeAuthority authority = AcmeAuthority.start();
                AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test"))) {
            bed.answersFor(authority, "a.test");
            bed.awaitProblem("nothing can be kept in data/acme");
            assertThat(bed.marina().get("/up").body()).isEqualTo("OK");
            assertThat(authority.accounts()).isZero();

            Files.delete(base.resolve("data/acme"));
            bed.retryOrders();
            bed.awaitCertificate(authority, "a.test");
        }
    }

    @Test
    void aDamagedFileIsLeftAloneUntilANewCertificateTakesItsPlace() throws Exception {
        try (AcmeAuthority authority = AcmeAuthority.start()) {
            String yaml = AcmeBed.listen(authority.directory(), "a.test");
            X509Certificate first;
            try (AcmeBed bed = AcmeBed.start(base, yaml)) {
                bed.answersFor(authority, "a.test");
                first = bed.awaitCertificate(authority, "a.test");
            }
            Path file = certificateFile();
            String text = Files.readString(file);
            Files.writeString(file, text.substring(0, text.length() / 2));
            // what a crash in the middle of writing leaves behind
            Files.writeString(file.resolveSibling(file.getFileName() + ".new"), "half");

            try (AcmeBed bed = AcmeBed.start(base, yaml)) {
                assertThat(bed.shown("a.test")).isNotEqualTo(first);
                bed.answersFor(authority, "a.test");
                bed.awaitCertificate(authority, "a.test");
            }
            assertThat(Files.readString(certificateFile())).contains("-----END CERTIFICATE-----");
        }
    }

    @Test
    void anOrderThatNobodyWantsAnyMoreIsGivenUp() throws Exception {
        try (AcmeAuthority authority = AcmeAuthority.start()) {
            authority.neverValidate();
            try (AcmeBed bed = AcmeBed.start(base, AcmeBed.listen(authority.directory(), "a.test"))) {
                await().until(() -> authority.tokens().size() == 1);
                String path =
                        "/.well-known/acme-challenge/" + authority.tokens().get(0);
                await().until(() -> bed.marina().get(path).statusCode() == 200);

                MarinaUnderTest.write(base, "conf/server.yml", "listen: [{ host: 127.0.0.1, port: 0 }]\n");
                assertThat(bed.marina().server().reloader().reload().join().succeeded())
                        .isTrue();

                await().until(() -> bed.marina().get(path).statusCode() == 404);
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("marina-acme");
        }
    }

    private Path certificateFile() throws Exception {
        try (Stream<Path> files = Files.walk(base.resolve("data/acme"))) {
            return files.filter(path -> path.toString().endsWith(".pem"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Instant next(String status) {
        Matcher matcher = NEXT.matcher(status);
        assertThat(matcher.find()).as(status).isTrue();
        return Instant.parse(matcher.group(1));
    }
}
