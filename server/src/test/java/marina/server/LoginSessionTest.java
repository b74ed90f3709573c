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

/** Who has logged in stays so for as long as it was meant, and nobody else becomes him. */
class LoginSessionTest {
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
    void aCookieOfThatNameIsAnotherContextsOwnWhereTheLoginIsNot() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /a: { command: [node, "APP"], auth: { htpasswd: conf/staff, form: { cookie: session } } }
                  /a/inner: { command: [node, "APP"] }
                  /b: { command: [node, "APP"] }
                """
                        .replace("APP", APP))) {
            assertThat(marina.get("/b/", "Cookie", "session=mine").body()).contains("session=mine");
            assertThat(marina.get("/a/inner/", "Cookie", "session=theirs; x=1").body())
                    .contains("\"cookie\":\"x=1\"");
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

    @Test
    void aWebApplicationKnowsTheUserAndNotTheCookie() {
        MarinaUnderTest.write(
                base,
                "webapps/war/index.jsp",
                "<%@ page session=\"false\" %>user=<%= request.getRemoteUser() %>"
                        + " cookies=<%= request.getCookies().length %><%= request.getHeader(\"Cookie\") %>");
        MarinaUnderTest.write(base, "webapps/war/WEB-INF/web.xml", "<web-app version=\"6.0\"></web-app>");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                auth: { htpasswd: conf/staff, form: {} }
                defaults: { page_after: 60s }
                contexts:
                  /ten: { war: war, ee: 10 }
                  /eleven: { war: war, ee: 11 }
                  /apart: { war: war, ee: 10, isolation: process, ready: { timeout: 60s } }
                """)) {
            LoginBrowser anna = new LoginBrowser(marina).loggedIn("/ten/", "anna", "test");
            assertThat(List.of("/ten/", "/eleven/", "/apart/")).allSatisfy(path -> assertThat(
                            marina.get(path, "Cookie", "a=b; " + anna.cookies()).body())
                    .contains("user=anna cookies=1a=b"));
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
