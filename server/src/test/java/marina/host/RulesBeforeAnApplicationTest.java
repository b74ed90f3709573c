package marina.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import marina.config.ContextPath;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands before an application changes while it runs: the application goes on. */
class RulesBeforeAnApplicationTest {
    private static final String APP =
            Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();

    @TempDir
    private Path base;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    auth: { htpasswd: conf/staff }     | 401
                    bots: reject                       | 403
                    maintenance: { enabled: true }     | 503
                    limits: { max_concurrent: 1, max_queued: 0 } | 200
                    timeouts: { answer: 100ms }        | 200
                    compression: false                 | 200
                    public: { directory: public }      | 200
                    """)
    void aRuleOfTheContextIsInEffectAtOnceWithTheSameProcess(String rule, int status) {
        MarinaUnderTest.write(base, "conf/staff", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        MarinaUnderTest.write(base, "public/x.html", "x");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, context(""))) {
            String pid = marina.get("/shop/pid").body();

            ReloadOutcome outcome = marina.reload(context(", " + rule));

            assertThat(outcome.succeeded()).isTrue();
            assertThat(marina.get("/shop/pid", "User-Agent", "curl/8").statusCode())
                    .isEqualTo(status);
            assertThat(marina.reload(context("")).succeeded()).isTrue();
            assertThat(marina.get("/shop/pid").body()).isEqualTo(pid);
            assertThat(marina.status("/shop").backend().starts()).isEqualTo(1);
            assertThat(marina.status("/shop").requests()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aRuleOfTheServerRestartsNoApplication() {
        MarinaUnderTest.write(base, "conf/staff", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, context(""))) {
            String pid = marina.get("/shop/pid").body();

            assertThat(marina.reload("auth: { htpasswd: conf/staff }\n" + context(""))
                            .succeeded())
                    .isTrue();

            assertThat(marina.get("/shop/pid").statusCode()).isEqualTo(401);
            assertThat(marina.get("/shop/pid", "Authorization", "Basic YW5uYTp0ZXN0")
                            .body())
                    .isEqualTo(pid);
        }
    }

    @Test
    void aRuleIsInEffectAtOnceAlsoWhenTheApplicationThatCameWithItDoesNotStart() {
        MarinaUnderTest.write(base, "conf/staff", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, context(""))) {
            String pid = marina.get("/shop/pid").body();

            ReloadOutcome outcome =
                    marina.reload(context(", auth: { htpasswd: conf/staff }, env: { EXIT_AT_START: \"3\" }"));

            assertThat(outcome.succeeded()).isFalse();
            assertThat(marina.get("/shop/pid").statusCode()).isEqualTo(401);
            assertThat(marina.get("/shop/pid", "Authorization", "Basic YW5uYTp0ZXN0")
                            .body())
                    .isEqualTo(pid);
        }
    }

    @Test
    void aRestartDoesNotBringBackAConfigurationThatHasFailedAndIsGone() {
        MarinaUnderTest.write(base, "conf/staff", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        String alone = ", rolling_restart: false";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, context(alone))) {
            assertThat(marina.get("/shop/pid").statusCode()).isEqualTo(200);
            assertThat(marina.reload(context(alone + ", env: { EXIT_AT_START: \"3\" }"))
                            .succeeded())
                    .isFalse();
            assertThat(marina.reload(context(alone + ", auth: { htpasswd: conf/staff }"))
                            .succeeded())
                    .isTrue();

            assertThat(marina.server()
                            .reloader()
                            .restart(new ContextPath("/shop"))
                            .join()
                            .succeeded())
                    .isTrue();

            assertThat(marina.get("/shop/pid").statusCode()).isEqualTo(401);
            assertThat(marina.get("/shop/pid", "Authorization", "Basic YW5uYTp0ZXN0")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void requestsInFlightAndThoseThatWaitForTheStartAreAnswered() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, context(", env: { START_DELAY: \"1500\" }"))) {
            CompletableFuture<HttpResponse<String>> parked = marina.getAsync("/shop/pid");
            marina.awaitState("/shop", "starting");

            marina.reload(context(", env: { START_DELAY: \"1500\" }, bots: reject"));

            assertThat(parked.join().statusCode()).isEqualTo(200);
            CompletableFuture<HttpResponse<String>> inFlight = marina.getAsync("/shop/slow?ms=1500");

            marina.reload(context(", env: { START_DELAY: \"1500\" }"));

            assertThat(inFlight.join().statusCode()).isEqualTo(200);
            assertThat(marina.get("/shop/pid").body()).isEqualTo(parked.join().body());
            assertThat(marina.status("/shop").backend().starts()).isEqualTo(1);
        }
    }

    @Test
    void theApplicationStillRestartsWhenItIsAskedFor() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, context(""))) {
            String pid = marina.get("/shop/pid").body();
            marina.reload(context(", bots: reject"));

            marina.reload(context(", bots: reject, env: { VERSION: two }"));

            assertThat(marina.get("/shop/version").body()).isEqualTo("two");
            assertThat(marina.get("/shop/pid").body()).isNotEqualTo(pid);
        }
    }

    private static String context(String more) {
        return "contexts:\n  /shop: { command: [node, \"" + APP + "\"]" + more + " }\n";
    }
}
