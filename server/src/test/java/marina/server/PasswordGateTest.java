package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in, and as whom. */
class PasswordGateTest {
    private static final String APP =
            Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();

    /** bcrypt of "test". */
    private static final String HASH = "$2y$04$yFNH/q3F6XPeRJKDmSLyre.oQl/mOBBFzs1v1OVBnUsrw3U410/5O";

    private static final String SHA = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";

    @TempDir
    private Path base;

    @BeforeEach
    void writeUsers() {
        MarinaUnderTest.write(base, "conf/staff", "anna:" + HASH + "\n");
        MarinaUnderTest.write(base, "conf/guests", "gert:" + SHA + "\n");
    }

    @Test
    void nobodyComesInWithoutAPassword() {
        try (MarinaUnderTest marina = start("")) {
            HttpResponse<String> asked = marina.get("/shop/");

            assertThat(asked.statusCode()).isEqualTo(401);
            assertThat(asked.headers().firstValue("WWW-Authenticate"))
                    .hasValue("Basic realm=\"The \\\"staff\\\"\", charset=\"UTF-8\"");
            assertThat(marina.get("/shop/", as("anna", "wrong")).statusCode()).isEqualTo(401);
            assertThat(marina.get("/shop/", as("gert", "test")).statusCode()).isEqualTo(401);
            assertThat(marina.get("/shop/", "Authorization", "Basic !!!").statusCode())
                    .isEqualTo(401);
            assertThat(marina.get("/nothing/here").statusCode()).isEqualTo(401);
            assertThat(marina.status("/shop").backend().starts()).isZero();
        }
    }

    @Test
    void whoHasThePasswordIsServedThoughTheBackendMustFirstStart() {
        try (MarinaUnderTest marina = start("")) {
            assertThat(marina.get("/shop/", as("anna", "test")).statusCode()).isEqualTo(200);
            assertThat(marina.get("/shop/", as("anna", "test")).statusCode()).isEqualTo(200);
            assertThat(marina.get("/nothing", as("anna", "test")).statusCode()).isEqualTo(404);
            assertThat(marina.get("/up").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void publicPathsNeedNoPassword() {
        try (MarinaUnderTest marina =
                start("public: [\"/shop/open/\", \"/shop/exact\", \"^/shop/2025/[a-z]+/?$\", \"*.css\"]")) {
            assertThat(List.of("/shop/open/a", "/shop/exact", "/shop/2025/boston"))
                    .allSatisfy(
                            path -> assertThat(marina.get(path).statusCode()).isEqualTo(200));
            assertThat(List.of(
                            "/shop/open",
                            "/shop/exact/x",
                            "/shop/2025/boston/disney",
                            "/shop/style.css",
                            "/shop/open/../secret",
                            "/shop/open/%2e%2e/secret"))
                    .allSatisfy(path ->
                            assertThat(marina.get(path).statusCode()).as(path).isIn(400, 401));
        }
    }

    @Test
    void aContextHasUsersOfItsOwnOrNone() {
        try (MarinaUnderTest marina = start("")) {
            assertThat(marina.get("/guests/", as("gert", "test")).statusCode()).isEqualTo(200);
            assertThat(marina.get("/guests/", as("anna", "test")).statusCode()).isEqualTo(401);
            assertThat(marina.get("/open/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoIsTakenOutOfTheFileIsOutAtOnce() {
        try (MarinaUnderTest marina = start("")) {
            assertThat(marina.get("/shop/", as("anna", "test")).statusCode()).isEqualTo(200);

            MarinaUnderTest.write(base, "conf/staff", "berta:" + HASH + "\n");

            assertThat(marina.get("/shop/", as("anna", "test")).statusCode()).isEqualTo(401);
            assertThat(marina.get("/shop/", as("berta", "test")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoGuessesHasToWaitWhileOthersGoOn() {
        try (MarinaUnderTest marina = start("")) {
            assertThat(marina.get("/shop/", as("anna", "test")).statusCode()).isEqualTo(200);

            await().until(() -> marina.get("/shop/", as("anna", "guess")).statusCode() == 429);
            HttpResponse<String> blocked = marina.get("/shop/", as("anna", "guess"));

            assertThat(blocked.statusCode()).isEqualTo(429);
            assertThat(blocked.headers().firstValue("Retry-After")).hasValue("60");
            assertThat(marina.get("/shop/", as("anna", "test")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void manyRequestsAtOnceAreAllServed() {
        try (MarinaUnderTest marina = start("")) {
            assertThat(IntStream.range(0, 100)
                            .mapToObj(number -> marina.getAsync("/shop/" + number, as("anna", "test")))
                            .toList())
                    .extracting(answer -> answer.join().statusCode())
                    .containsOnly(200);
        }
    }

    @Test
    void theBackendLearnsTheVerifiedUserAndNobodyElsesWord() {
        try (MarinaUnderTest marina = start("")) {
            String known = marina.get("/shop/", "Authorization", basic("anna", "test"), "X-Remote-User", "root")
                    .body();
            String unknown = marina.get("/open/", "Remote-User", "root", "Remote_User", "root")
                    .body();

            assertThat(known).contains("\"remote-user\":\"anna\"").doesNotContain("root");
            assertThat(unknown).doesNotContain("root");
        }
    }

    private MarinaUnderTest start(String more) {
        return MarinaUnderTest.start(
                base,
                """
                auth:
                  realm: The "staff"
                  htpasswd: conf/staff
                  %s
                contexts:
                  /shop: { command: [node, "%s"] }
                  /guests: { command: [node, "%s"], auth: { htpasswd: conf/guests } }
                  /open: { command: [node, "%s"], auth: false }
                """
                        .formatted(more, APP, APP, APP));
    }

    private static String[] as(String user, String password) {
        return new String[] {"Authorization", basic(user, password)};
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
