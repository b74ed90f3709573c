package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redirects and rewrites in front of contexts. */
class RoutesTest {
    @TempDir
    private Path base;

    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        Path app = Path.of("src/test/resources/apps/app.js").toAbsolutePath();
        marina = MarinaUnderTest.start(
                base,
                """
                routes:
                  - { match: "^/old/(.*)$", redirect: "/new/$1", status: 301 }
                  - { match: "^/user/(\\\\d+)/profile/(.+)$", redirect: "/profile/$2?user_id=$1" }
                  - { match: "^/away/(.*)$", redirect: "$1", status: 307 }
                  - { match: "^/shop/step1$", rewrite: /shop/step2 }
                  - { match: "^/shop/step2$", rewrite: "/shop/final?from=rules" }
                  - { match: "^/f-(.*)$", rewrite: "/shop/files/$1" }
                  - { match: "^/only$", methods: [GET], redirect: /new }
                  - { match: "^/slash(.*)$", redirect: "/$1" }
                contexts:
                  /shop: { command: [node, "%s"] }
                """
                        .formatted(app));
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/old/a/b?x=1&y=%20z, 301, /new/a/b?x=1&y=%20z",
        "/old/a%20b%C3%BC%3Fc, 301, /new/a%20b%C3%BC%3Fc",
        "/user/7/profile/a%26b?c=d, 302, /profile/a&b?user_id=7&c=d",
        "/away/x%0d%0aSet-Cookie:a=b, 400, ",
        "/slash%5C%5Cevil.example/, 400, ",
        "/only?a, 302, /new?a",
    })
    void aRedirectKeepsTheQueryAndEncodesWhatItTakesOver(String path, int status, String location) {
        HttpResponse<String> answer = marina.get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Location").orElse(null)).isEqualTo(location);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void otherMethodsAreRedirectedWithTheirMethodAndBody() {
        assertThat(marina.post("/old/a", "body").statusCode()).isEqualTo(308);
        assertThat(marina.post("/user/7/profile/a", "body").statusCode()).isEqualTo(307);
        assertThat(marina.post("/only", "body").statusCode()).isEqualTo(404);
    }

    @Test
    void aGroupCannotNameAnotherHost() {
        assertThat(marina.get("/slash//evil.example/x")
                        .headers()
                        .firstValue("Location")
                        .orElse(""))
                .doesNotStartWith("//");
    }

    @Test
    void rewritesChainAndKeepTheQuery() {
        assertThat(marina.get("/shop/step1?a=b").body()).contains("\"url\":\"/shop/final?from=rules&a=b\"");
    }

    @Test
    void aRewriteEncodesWhatItTakesOver() {
        assertThat(marina.get("/f-a%20b%3Fc").body()).contains("\"url\":\"/shop/files/a%20b%3Fc\"");
    }

    @Test
    void aRewriteCannotBeLedOutOfItsFolder() {
        assertThat(marina.get("/f-../secret").statusCode()).isEqualTo(400);
        assertThat(marina.get("/f-..").statusCode()).isEqualTo(400);
    }
}
