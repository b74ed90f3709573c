package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import marina.config.EeLevel;
import marina.testing.LoginBrowser;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WARs with a login of their own know the users of conf/users.yml and their roles, in all levels and in their own process. */
@SuppressWarnings("NullAway.Init")
class WarLoginTest {
    /** Both passwords are "test". */
    static final String USERS =
            """
            users:
              sam: { password: "$2y$04$yFNH/q3F6XPeRJKDmSLyre.oQl/mOBBFzs1v1OVBnUsrw3U410/5O", roles: [manager] }
              sally: { password: "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", roles: clerk }
              jörg: { password: "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=" }
            """;

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws Exception {
        MarinaUnderTest.write(base, "conf/users.yml", USERS);
        StringBuilder contexts = new StringBuilder();
        for (EeLevel level : List.of(EeLevel.EE8, EeLevel.EE9, EeLevel.EE10, EeLevel.EE11)) {
            String number = level.name().substring("EE".length());
            LoginWar.pack(base, level, "form" + number + ".war", LoginWar.form());
            LoginWar.pack(base, level, "basic" + number + ".war", LoginWar.basic());
            LoginWar.pack(base, level, "none" + number + ".war", "");
        }
        for (String level : List.of("8", "11")) {
            for (String kind : List.of("form", "basic")) {
                contexts.append("  /%s%s: { war: %s%s.war }\n".formatted(kind, level, kind, level));
                contexts.append("  /%s%sp: { war: %s%s.war, isolation: process, ready: { timeout: 60s } }\n"
                        .formatted(kind, level, kind, level));
            }
        }
        LoginWar.pack(base, EeLevel.EE10, "digest.war", "<auth-method>DIGEST</auth-method>");
        marina = MarinaUnderTest.start(base, "defaults: { page_after: 90s }\ncontexts:\n" + contexts);
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/basic8", "/basic9", "/basic10", "/basic11", "/basic8p", "/basic11p"})
    void basicAuthenticationGivesTheUserAndTheRoles(String path) {
        assertThat(marina.get(path + "/open").body()).contains("user=null", "any=false");
        HttpResponse<String> refused = marina.get(path + "/member/");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic realm=\"Members\"");
        assertThat(as("sam", "wrong", path + "/member/").statusCode()).isEqualTo(401);
        assertThat(as("nobody", "test", path + "/member/").statusCode()).isEqualTo(401);

        assertThat(as("sam", "test", path + "/boss/").body())
                .contains("user=sam principal=sam type=BASIC manager=true clerk=false boss=true any=true");
        assertThat(as("sam", "test", path + "/annotated").body()).isEqualTo("annotated for sam");
        assertThat(as("sam", "test", path + "/role/").statusCode()).isEqualTo(200);
        assertThat(as("sally", "test", path + "/member/").body()).contains("manager=false clerk=true boss=false");
        assertThat(as("sally", "test", path + "/boss/").statusCode()).isEqualTo(403);
        assertThat(as("sally", "test", path + "/annotated").statusCode()).isEqualTo(403);
        assertThat(as("jörg", "test", path + "/member/").body()).contains("principal=jörg", "any=true");
        assertThat(as("jörg", "test", path + "/role/").statusCode()).isEqualTo(403);
        assertThat(marina.get(path + "/member/", "Authorization", "Basic ???").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/form8", "/form9", "/form10", "/form11", "/form8p", "/form11p"})
    void aFormLeadsToThePageThatWasAskedFor(String path) {
        LoginBrowser browser = new LoginBrowser(marina);
        HttpResponse<String> form = browser.follow(browser.get(path + "/member/x?sent=before"));
        assertThat(form.body()).isEqualTo("please log in");
        String before = browser.cookies();

        HttpResponse<String> wrong = browser.post(path + "/j_security_check", "j_username=sam&j_password=no");
        assertThat(browser.follow(wrong).body()).isEqualTo("that was wrong");

        HttpResponse<String> right = browser.post(path + "/j_security_check", "j_username=sam&j_password=test");
        assertThat(right.statusCode()).isBetween(302, 303);
        assertThat(browser.cookies()).as("the session has another id").isNotEqualTo(before);
        assertThat(browser.follow(right).body())
                .contains("user=sam principal=sam type=FORM manager=true clerk=false boss=true any=true sent=before");
        assertThat(browser.get(path + "/boss/").statusCode()).isEqualTo(200);
        assertThat(browser.get(path + "/open").body()).contains("user=sam");
        assertThat(browser.get(path + "/annotated").body()).isEqualTo("annotated for sam");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/form8", "/form9", "/form10", "/form11"})
    void aLogoutEndsTheLogin(String path) {
        LoginBrowser browser = loggedIn(path, "sally");
        assertThat(browser.get(path + "/boss/").statusCode()).isEqualTo(403);

        assertThat(browser.get(path + "/open?logout").body()).contains("user=null");
        assertThat(browser.get(path + "/open").body()).contains("user=null");
        assertThat(browser.follow(browser.get(path + "/member/")).body()).isEqualTo("please log in");

        LoginBrowser other = loggedIn(path, "sally");
        other.get(path + "/open?end");
        assertThat(other.get(path + "/open").body()).contains("user=null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/none8", "/none9", "/none10", "/none11"})
    void anApplicationCanLogPeopleInByItself(String path) {
        LoginBrowser browser = new LoginBrowser(marina);
        assertThat(browser.get(path + "/member/").statusCode()).isEqualTo(403);
        assertThat(browser.get(path + "/open?login=sam&password=no").statusCode())
                .isEqualTo(500);
        assertThat(browser.get(path + "/open?login=sam&password=test").body()).contains("user=sam", "manager=true");
        assertThat(browser.get(path + "/boss/").body()).as("by the session").contains("user=sam", "boss=true");
        assertThat(browser.get(path + "/open?logout").body()).contains("user=null");
        assertThat(browser.get(path + "/boss/").statusCode()).isEqualTo(403);
        assertThat(marina.post(path + "/j_security_check", "j_username=sam&j_password=test")
                        .statusCode())
                .isIn(404, 405);
    }

    /** A request that nobody completes keeps an application from stopping, and Marina from ending. */
    @ParameterizedTest
    @ValueSource(strings = {"/basic9", "/basic10", "/basic11", "/form11"})
    void noRequestStaysOpen(String path) {
        marina.get(path + "/member/");
        as("sam", "wrong", path + "/boss/");
        marina.get(path + "/member/", "Authorization", "Basic ???");
        as("sally", "test", path + "/boss/");
        await().until(() ->
                "0".equals(String.valueOf(marina.status(path).toMap().get("active_requests"))));
    }

    @Test
    void aLoginThatIsNotSupportedLetsNobodyIn() {
        assertThat(as("sam", "test", "/digest/boss/").statusCode()).isEqualTo(403);
        assertThat(marina.get("/digest/open").body()).contains("user=null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/form9", "/form10", "/form11p"})
    void noPasswordIsKeptWithASession(String path) throws Exception {
        loggedIn(path, "sam");
        Path sessions = base.resolve("data/sessions" + path);
        await().until(() -> !contents(sessions).isEmpty());
        assertThat(contents(sessions)).contains("KeptLogin").doesNotContain("test", "j_password");
    }

    private static String contents(Path folder) throws Exception {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    private static LoginBrowser loggedIn(String path, String user) {
        LoginBrowser browser = new LoginBrowser(marina);
        browser.get(path + "/member/");
        browser.post(path + "/j_security_check", "j_username=" + user + "&j_password=test");
        assertThat(browser.get(path + "/member/").body()).contains("user=" + user);
        return browser;
    }

    private static HttpResponse<String> as(String user, String password, String target) {
        String credentials = user + ":" + password;
        return marina.get(
                target,
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }
}
