package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may enter the admin listener, by which way, and who may not. */
class ConsoleLoginTest {
    @TempDir
    Path base;

    private static final String CONTEXTS = "contexts: { /a: { files: conf } }\n";

    @Test
    void aBrowserLogsInAndOut() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS)) {
            assertThat(bed.send("GET", "/api/v1/status", "").statusCode()).isEqualTo(401);
            HttpResponse<String> login = bed.login("gui", AdminBed.PASSWORD);
            assertThat(login.statusCode()).isEqualTo(200);
            assertThat(login.headers().firstValue("Set-Cookie").orElseThrow())
                    .contains("HttpOnly", "SameSite=Strict", "Path=/");
            String cookie = AdminBed.cookie(login);
            String csrf = String.valueOf(AdminBed.json(login).get("csrf"));

            HttpResponse<String> session = bed.send("GET", "/api/v1/session", "", "Cookie", cookie);
            assertThat(AdminBed.json(session)).extracting("user").isEqualTo("gui");
            assertThat(AdminBed.json(session)).extracting("csrf").isEqualTo(csrf);
            assertThat(bed.send("GET", "/api/v1/status", "", "Cookie", cookie).statusCode())
                    .isEqualTo(200);

            String reload = "/api/v1/reload";
            assertThat(bed.send("POST", reload, "", "Cookie", cookie).statusCode())
                    .as("without the header against forged requests")
                    .isEqualTo(403);
            assertThat(bed.send("POST", reload, "", "Cookie", cookie, Console.CSRF, "x")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(bed.send("POST", reload, "", "Cookie", cookie, Console.CSRF, csrf)
                            .statusCode())
                    .isEqualTo(200);

            assertThat(bed.send("POST", "/api/v1/logout", "", "Cookie", cookie, Console.CSRF, csrf)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(bed.send("GET", "/api/v1/session", "", "Cookie", cookie).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void rolesSayWhatIsAllowed() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS)) {
            assertThat(bed.as("sam", "GET", "/api/v1/status").statusCode()).isEqualTo(200);
            assertThat(bed.as("sam", "POST", "/api/v1/reload").statusCode()).isEqualTo(200);
            assertThat(bed.as("script", "POST", "/api/v1/reload").statusCode()).isEqualTo(200);
            assertThat(bed.as("status", "GET", "/api/v1/status").statusCode()).isEqualTo(200);
            assertThat(bed.as("status", "GET", "/api/v1/dump").statusCode()).isEqualTo(403);
            assertThat(bed.as("status", "POST", "/api/v1/reload").statusCode()).isEqualTo(403);
            assertThat(bed.as("gui", "POST", "/api/v1/reload").statusCode())
                    .as("the role for browsers is none for scripts")
                    .isEqualTo(403);
            assertThat(bed.as("jmx", "GET", "/api/v1/status").statusCode()).isEqualTo(403);
            assertThat(bed.as("clerk", "GET", "/api/v1/status").statusCode()).isEqualTo(403);
            assertThat(bed.login("script", AdminBed.PASSWORD).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aPageOfAnotherSiteCannotUseThePasswordThatABrowserRemembers() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS)) {
            String basic = AdminBed.basic("sam", AdminBed.PASSWORD);
            assertThat(bed.send("POST", "/api/v1/reload", "", "Authorization", basic, "Sec-Fetch-Site", "cross-site")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void fiveWrongPasswordsLockThatUserForAWhile() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS)) {
            for (int i = 0; i < 5; i++) {
                assertThat(bed.login("gui", "wrong" + i).statusCode()).isEqualTo(401);
            }
            HttpResponse<String> locked = bed.login("gui", AdminBed.PASSWORD);
            assertThat(locked.statusCode()).isEqualTo(429);
            assertThat(locked.headers().firstValue("Retry-After")).hasValue("300");
            assertThat(locked.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(bed.login("sam", AdminBed.PASSWORD).statusCode())
                    .as("another user")
                    .isEqualTo(200);
        }
    }

    @Test
    void anotherPasswordAndAnotherRoleEndALogin() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS)) {
            String cookie = AdminBed.cookie(bed.login("gui", AdminBed.PASSWORD));
            MarinaUnderTest.write(
                    base,
                    "conf/users.yml",
                    "users: { gui: { password: '{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=', roles: manager-gui } }\n");
            assertThat(bed.send("GET", "/api/v1/session", "", "Cookie", cookie).statusCode())
                    .isEqualTo(401);
            assertThat(bed.login("gui", "test").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutUsersAPageSaysHowToMakeOne() {
        MarinaUnderTest.write(base, "conf/none.yml", "users: { sally: { roles: manager } }\n");
        try (AdminBed bed = new AdminBed(base, CONTEXTS, ", users: conf/none.yml")) {
            HttpResponse<String> page = bed.send("GET", "/console/", "");
            assertThat(page.statusCode()).isEqualTo(403);
            assertThat(page.body()).contains("marina.sh htpasswd", "conf/none.yml");
            assertThat(bed.send("GET", "/api/v1/session", "").body()).contains("htpasswd");
            assertThat(bed.login("sally", "").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void namesOfStrangersAreRefusedAndThoseOfLoopbackAreNot() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS, ", hosts: admin.example.com")) {
            assertThat(hostAnswer(bed, "rebound.example.org")).contains(" 421 ");
            assertThat(hostAnswer(bed, "localhost:8005")).contains(" 401 ");
            assertThat(hostAnswer(bed, "127.0.0.1")).contains(" 401 ");
            assertThat(hostAnswer(bed, "[::1]:8005")).contains(" 401 ");
            assertThat(hostAnswer(bed, "Admin.Example.com")).contains(" 401 ");
            assertThat(hostAnswer(bed, "127.0.0.1.example.org")).contains(" 421 ");
        }
    }

    private static String hostAnswer(AdminBed bed, String host) {
        String answer = RawClient.exchange(
                bed.uri("/"), "GET /api/v1/session HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        return answer.lines().findFirst().orElse("");
    }

    @Test
    void everyAnswerIsProtected() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS)) {
            for (String path : new String[] {"/console/", "/api/v1/status", "/nothing"}) {
                HttpResponse<String> answer = bed.send("GET", path, "");
                assertThat(answer.headers()
                                .firstValue("Content-Security-Policy")
                                .orElse(""))
                        .startsWith("default-src 'self';")
                        .doesNotContain("unsafe");
                assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
                assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                        .hasValue("nosniff");
            }
        }
    }

    @Test
    void itAlsoAnswersAtAPathOfTheServer() {
        try (AdminBed bed = new AdminBed(base, CONTEXTS, ", path: /marina")) {
            HttpResponse<String> front = bed.send("GET", bed.marina().uri("/marina"), "");
            assertThat(front.statusCode()).isEqualTo(302);
            assertThat(front.headers().firstValue("Location").orElse("")).endsWith("/marina/console/");
            assertThat(bed.marina().get("/marina/api/v1/status").statusCode()).isEqualTo(401);
            assertThat(bed.marina()
                            .get("/marina/api/v1/status", "Authorization", AdminBed.basic("sam", AdminBed.PASSWORD))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(bed.marina().get("/marinade").statusCode()).isEqualTo(404);
            HttpResponse<String> login = bed.send(
                    "POST",
                    bed.marina().uri("/marina/api/v1/login"),
                    "{\"user\":\"gui\",\"password\":\"secret\"}",
                    "Content-Type",
                    "application/json");
            assertThat(login.headers().firstValue("Set-Cookie").orElse("")).contains("Path=/marina/");
        }
    }

    @Test
    void applicationsDoNotSeeSessionsOfTheConsole() throws Exception {
        try (marina.testing.TestMember app = new marina.testing.TestMember("app");
                AdminBed bed = new AdminBed(base, "contexts: { /app: { upstream: \"" + app.url() + "\" } }\n")) {
            HttpResponse<String> answer =
                    bed.marina().get("/app/", "Cookie", "a=b; marina_console_8005=stolen; marina_console_9=too; c=d");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(app.heads())
                    .singleElement()
                    .asString()
                    .contains("a=b; c=d")
                    .doesNotContain("marina_console");
        }
    }

    @Test
    void whatIsNestedTooDeepIsRefused() {
        try (AdminBed bed = new AdminBed(base, "")) {
            assertThat(bed.send("POST", "/api/v1/login", "[".repeat(8000), "Content-Type", "application/json")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(bed.send("GET", "/console/" + "a/".repeat(1500) + "a.js", "")
                            .statusCode())
                    .isEqualTo(404);
        }
    }
}
