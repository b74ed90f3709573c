package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
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

    /** Another one of "test". */
    private static final String SHA = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";

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
    void noApplicationSeesTheCookie() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina).loggedIn("/shop/", "anna", "test");
            String cookies = anna.cookies() + "; other=1";
            assertThat(cookies).contains("marina_session=", "marina_session.browser=");

            assertThat(List.of("/shop/", "/open/", "/elsewhere")).allSatisfy(path -> {
                HttpResponse<String> answer = marina.get(path, "Cookie", cookies);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("\"cookie\":\"other=1\"").doesNotContain("marina_session");
            });
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
    void aCookieThatSomebodyHasChangedOrMadeForAnotherLoginIsWorthNothing() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser staff = new LoginBrowser(marina).loggedIn("/shop/", "anna", "test");
            String session = staff.cookie("marina_session");
            assertThat(marina.get("/shop/", "Cookie", "marina_session=" + session)
                            .statusCode())
                    .isEqualTo(200);

            int middle = session.length() / 3;
            String changed = session.substring(0, middle)
                    + (session.charAt(middle) == 'A' ? 'B' : 'A')
                    + session.substring(middle + 1);
            assertThat(List.of(changed, session.substring(0, session.length() - 2), session + "A", "", ".", "a.b"))
                    .allSatisfy(cookie -> assertThat(marina.get("/shop/", "Cookie", "marina_session=" + cookie)
                                    .statusCode())
                            .as(cookie)
                            .isEqualTo(401));
            assertThat(marina.get("/guests/", "Cookie", "marina_session=" + session)
                            .statusCode())
                    .as("the same name and password in another file")
                    .isEqualTo(401);
            assertThat(marina.get("/shop/", "Cookie", "marina_session=x; marina_session=" + session)
                            .statusCode())
                    .as("somebody else has planted a second one")
                    .isEqualTo(200);
        }
    }

    @Test
    void whoseEntryChangesIsOutAtOnce() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina).loggedIn("/shop/", "anna", "test");
            LoginBrowser berta = new LoginBrowser(marina).loggedIn("/shop/", "berta", "test");

            MarinaUnderTest.write(base, "conf/staff", "anna:" + SHA + "\nberta:" + HASH + "\n");
            assertThat(anna.get("/shop/").statusCode()).as("another hash").isEqualTo(302);
            assertThat(berta.get("/shop/").statusCode()).isEqualTo(200);

            MarinaUnderTest.write(base, "conf/staff", "anna:" + SHA + "\n");
            assertThat(berta.get("/shop/").statusCode()).as("no entry").isEqualTo(302);
        }
    }

    @Test
    void aLogoutEndsTheSessionForAllWhoHaveItsCookie() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina).loggedIn("/shop/", "anna", "test");
            String session = "marina_session=" + anna.cookie("marina_session");

            assertThat(anna.get("/_marina/logout").body()).contains("<form method=\"post\">");
            assertThat(anna.get("/shop/").statusCode()).as("only asked so far").isEqualTo(200);
            assertThat(anna.post("/_marina/logout", "", "Origin", "https://evil.test")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(anna.post("/_marina/logout", "").body()).contains("You are signed out.");

            assertThat(anna.cookies()).doesNotContain("marina_session=");
            assertThat(anna.get("/shop/").statusCode()).isEqualTo(302);
            assertThat(marina.get("/shop/", "Cookie", session).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aSessionEndsWithoutUseGoesOnWithItAndNotForEver() {
        try (MarinaUnderTest marina = start("ttl: 3s, max_ttl: 6s")) {
            LoginBrowser idle = new LoginBrowser(marina).loggedIn("/shop/", "anna", "test");
            LoginBrowser busy = new LoginBrowser(marina).loggedIn("/shop/", "berta", "test");
            String first = busy.cookie("marina_session");
            long begun = System.nanoTime();

            await().pollInterval(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> busy.get("/shop/").statusCode() == 302);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(4));
            assertThat(busy.renewals())
                    .as("renewed when half of the time was over")
                    .isBetween(1, 4);
            assertThat(first).isNotEqualTo(busy.cookie("marina_session"));
            assertThat(idle.get("/shop/").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void behindATrustedProxyThatSpeaksTlsTheCookieIsForTlsOnly() {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "trusted_proxies: [loopback]\n" + YAML.formatted("", APP, APP, APP, APP))) {
            LoginBrowser anna = new LoginBrowser(marina, "X-Forwarded-Proto", "https");
            anna.loggedIn("/shop/", "anna", "test");
            assertThat(anna.setCookies()).allSatisfy(cookie -> assertThat(cookie)
                    .startsWith("__Host-marina_session")
                    .contains("; Path=/;")
                    .endsWith("; Secure"));
            assertThat(anna.get("/shop/").body())
                    .contains("\"remote-user\":\"anna\"")
                    .doesNotContain("marina_session");
            assertThat(marina.get("/shop/", "Cookie", anna.cookies()).statusCode())
                    .as("over plain HTTP")
                    .isEqualTo(401);
        }
    }

    @Test
    void aLoginSurvivesARestartAndAReload() throws Exception {
        String session;
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina).loggedIn("/shop/", "anna", "test");
            session = "marina_session=" + anna.cookie("marina_session");
            marina.reload("bots: reject\n" + YAML.formatted("ttl: 1d", APP, APP, APP, APP));
            assertThat(marina.get("/shop/", "Cookie", session, "User-Agent", "Googlebot/2.1")
                            .statusCode())
                    .as("who is logged in is no crawler")
                    .isEqualTo(200);
            marina.reload(YAML.formatted("secret: 0123456789abcdef0123456789abcdef", APP, APP, APP, APP));
            await().until(() -> marina.get("/shop/", "Cookie", session).statusCode() == 401);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base.resolve("data/session.key"))))
                .isEqualTo("rw-------");
        try (MarinaUnderTest marina = start("")) {
            assertThat(marina.get("/shop/", "Cookie", session).statusCode()).isEqualTo(200);
        }
        Files.delete(base.resolve("data/session.key"));
        try (MarinaUnderTest marina = start("")) {
            assertThat(marina.get("/shop/", "Cookie", session).statusCode()).isEqualTo(401);
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

    @Test
    void aWebSocketOpensWithTheCookieOnly() {
        try (MarinaUnderTest marina = start("")) {
            LoginBrowser anna = new LoginBrowser(marina).loggedIn("/shop/", "anna", "test");
            String[] fields = {
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "Accept: text/html"
            };
            assertThat(handshake(marina, fields, "")).isEqualTo(401);
            assertThat(handshake(marina, fields, anna.cookies())).isEqualTo(101);
        }
    }

    private static int handshake(MarinaUnderTest marina, String[] fields, String cookies) {
        try (RawClient client = new RawClient(marina.uri(""))) {
            String more = cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n";
            client.send(
                    "GET /shop/echo HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", fields) + "\r\n" + more + "\r\n");
            return RawClient.status(client.answer());
        }
    }

    private MarinaUnderTest start(String form) {
        return MarinaUnderTest.start(base, YAML.formatted(form, APP, APP, APP, APP));
    }
}
