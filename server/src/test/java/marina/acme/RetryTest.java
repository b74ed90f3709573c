package marina.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import marina.config.AcmeConfig;
import marina.testing.AcmeAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders are tried again by themselves, at a quicker pace than usual here. */
class RetryTest {
    private static final RetryPace QUICK = new RetryPace(Duration.ofMillis(300), Duration.ofSeconds(2));

    @TempDir
    private Path folder;

    private final Challenges challenges = new Challenges();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AcmeAuthority authority = AcmeAuthority.start();

    private final HttpServer site;

    RetryTest() throws IOException {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        site.createContext("/", exchange -> {
            Optional<String> answer = challenges.answer(exchange.getRequestURI().getPath());
            byte[] body = answer.orElse("").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(answer.isPresent() ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        site.start();
        authority.leads("a.test", site.getAddress().getPort());
    }

    @AfterEach
    void end() {
        authority.close();
        site.stop(0);
    }

    @Test
    void afterAnErrorOfTheAuthority() {
        AcmeConfig config = config(authority.directory());
        authority.refuseNext(500, "serverInternal", "try again", 0);
        authority.refuseNext(503, "serverInternal", "and again", 0);
        try (AcmeCertificates certificates =
                new AcmeCertificates(folder, challenges, QUICK, exchanges::incrementAndGet)) {
            assertThat(certificates.shown(config).isPlaceholder()).isTrue();

            certificates.keep(List.of(config));

            await().atMost(Duration.ofSeconds(20)).until(() -> exchanges.get() == 1);
            assertThat(certificates.shown(config).origin()).isEqualTo(Shown.Origin.ORDERED);
            assertThat(certificates.status(config).problem()).isEmpty();
            assertThat(authority.violations()).isEmpty();
        }
    }

    private static AcmeConfig config(URI directory) {
        return new AcmeConfig(List.of("a.test"), "", directory, Duration.ofDays(30));
    }
}
