package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.LoginBrowser;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People log in with a form, and a cookie remembers them. */
class FormLoginTest {
    private static final String APP =
            Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();

    /** bcrypt of "test". */
    private static final String HASH = "$2y$04$yFNH/q3F6XPeRJKDmSLyre.oQl/mOBBFzs1v1OVBnUsrw3U410/5O";

    private static final String YAML =
            """
            auth: { realm: "The <staff>", htpasswd: conf/staff, form: { %s }, public: ["/shop/open/"] }
            contexts:
              /shop: { command: [node, "%s"] }
              /guests: { command: [node, "%s"], auth: { htpasswd: conf/guests, form: {} } }
              /open: { command: [node, "%s"], auth: false }
              /: { command: [node, "%s"], auth: false }
            """;

    @TempDir
    private Path base;

    @BeforeEach
    void writeUsers() {
        MarinaUnderTest.write(base, "conf/staff", "anna:" + HASH + "\nberta:" + HASH + "\n");
        MarinaUnderTest.write(base, "conf/guests", "anna:" + HASH + "\n");
    }

    @Test
    void somebodyLogsInAndGoesOnWhereHeWantedTo() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);

            HttpResponse<String> page = anna.follow(anna.get("/shop/a%20b?c=d&e=%2f"));
            HttpResponse<String> entered = anna.submit(page, "anna", "test");
            HttpResponse<String> shop = anna.follow(entered);

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("The &lt;staff&gt;", "type=\"password\"");
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(entered.statusCode()).isEqualTo(303);
            assertThat(entered.headers().allValues("Set-Cookie")).anySatisfy(cookie -> assertThat(cookie)
                    .contains("marina_session=", "; Path=/;", "HttpOnly", "SameSite=Lax", "Max-Age=43200"));
            assertThat(shop.statusCode()).isEqualTo(200);
            assertThat(shop.body()).contains("/shop/a%20b?c=d&e=%2f", "\"remote-user\":\"anna\"");
            assertThat(anna.get("/guests/").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void programsGet401AndNoPageAndMayStillShowAPassword() {
        try (MarinaUnderTest marina = start("")) {
            HttpResponse<String> json = marina.get("/shop/", "Accept", "application/json");
            assertThat(json.statusCode()).isEqualTo(401);
            assertThat(json.headers().firstValue("WWW-Authenticate").orElse("")).doesNotContain("Basic");
            assertThat(json.body()).contains("\"status\":401");
            assertThat(marina.get("/shop/", "Accept", "text/html", "X-Requested-With", "XMLHttpRequest")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(marina.get("/shop/", "Accept", "text/html", "Sec-Fetch-Mode", "cors")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(marina.post("/shop/", "x").statusCode()).isEqualTo(401);

            assertThat(marina.get("/shop/", "Authorization", "Basic YW5uYTp0ZXN0")
                            .body())
                    .contains("\"remote-user\":\"anna\"");
            HttpResponse<String> wrong = marina.get("/shop/", "Authorization", "Basic YW5uYTp3cm9uZw==");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.headers().firstValue("WWW-Authenticate").orElse(""))
                    .doesNotContain("Basic");
            assertThat(marina.get("/shop/open/x").statusCode()).isEqualTo(200);
            assertThat(marina.get("/up").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aWrongPasswordShowsTheFormAgainAndTooManyMakeAnAddressWait() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser browser = new LoginBrowser(marina);
            HttpResponse<String> page = browser.follow(browser.get("/shop/"));

            HttpResponse<String> wrong = browser.submit(page, "<b>\"x", "wrong");
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body())
                    .contains("role=\"alert\"", "&lt;b&gt;&quot;x")
                    .doesNotContain("<b>");
            assertThat(browser.submit(wrong, "anna", "test").statusCode()).isEqualTo(303);

            await().until(() -> browser.submit(page, "berta", "guess").statusCode() == 429);
            HttpResponse<String> blocked = browser.submit(page, "berta", "test");
            assertThat(blocked.statusCode()).isEqualTo(429);
            assertThat(blocked.headers().firstValue("Retry-After")).hasValue("60");
        }
    }

    @Test
    void aFormOfAnotherSiteIsRefused() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            HttpResponse<String> page = anna.follow(anna.get("/shop/"));
            String own = marina.uri("").toString();

            assertThat(anna.submit(page, "anna", "test", "Origin", "https://evil.test")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(anna.submit(page, "anna", "test", "Origin", "null").statusCode())
                    .isEqualTo(403);
            assertThat(anna.submit(page, "anna", "test", "Sec-Fetch-Site", "same-site")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(new LoginBrowser(marina).submit(page, "anna", "test").statusCode())
                    .as("without the cookie of the form")
                    .isEqualTo(403);
            assertThat(anna.post("/_marina/login", "username=anna&password=test")
                            .statusCode())
                    .as("without the token")
                    .isEqualTo(403);
            assertThat(anna.submit(page, "anna", "test", "Origin", own).statusCode())
                    .isEqualTo(303);
        }
    }

    @Test
    void onlySmallFormsAreRead() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            assertThat(anna.post("/_marina/login", "password=" + "x".repeat(9_000))
                            .statusCode())
                    .isEqualTo(413);
            String chunks = "POST /_marina/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2800\r\n" + "x".repeat(0x2800) + "\r\n0\r\n\r\n";
            assertThat(RawClient.status(RawClient.exchange(marina.uri(""), chunks)))
                    .isEqualTo(400);
            String json = "POST /_marina/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
            assertThat(RawClient.status(RawClient.exchange(marina.uri(""), json)))
                    .isEqualTo(415);
            assertThat(RawClient.status(marina.uri(""), "PUT", "/_marina/login"))
                    .isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.test",
                "/%5Cevil.test",
                "%5C%5Cevil.test",
                "https://evil.test/",
                "javascript:alert(1)",
                "/%09/evil.test",
                "/a%0d%0aX-Evil:%201",
                "/..//evil.test",
                "/.//evil.test",
                "///evil.test",
                "evil.test",
                "@evil.test",
                "",
            })
    void theWayBackNeverLeavesThisServer(String wanted) {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina);
            HttpResponse<String> page = anna.get("/_marina/login?return=" + wanted);
            assertThat(anna.submit(page, "anna", "test").headers().firstValue("Location"))
                    .hasValue("/");
        }
    }

    @Test
    void thePageMayBeTheOperatorsOwn() {
        MarinaUnderTest.write(
                base, "conf/login.html", "<h1>Ours {{realm}} {{other}}</h1>{{message}}<form>{{fields}}{{user}}</form>");
        try (MarinaUnderTest marina = start("page: conf/login.html")) {
            LoginBrowser anna = new LoginBrowser(marina);
            HttpResponse<String> page = anna.follow(anna.get("/shop/"));
            assertThat(page.body()).startsWith("<h1>Ours The &lt;staff&gt; {{other}}</h1>");
            assertThat(anna.submit(page, "{{fields}}", "x").body()).contains("role=\"alert\"", "{{fields}}</form>");
            assertThat(anna.submit(page, "anna", "test").statusCode()).isEqualTo(303);
        }
    }

    private MarinaUnderTest start(String form) {
        return MarinaUnderTest.start(base, YAML.formatted(form, APP, APP, APP, APP));
    }
}
