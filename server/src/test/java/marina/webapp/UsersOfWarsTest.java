package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import marina.config.EeLevel;
import marina.testing.LoginBrowser;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose users a WAR has, and for how long they are logged in. */
class UsersOfWarsTest {
    private static final String SHA = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";

    @TempDir
    Path base;

    @Test
    void whoIsLoggedInWithMarinaNeedNotLogInAgain() throws Exception {
        MarinaUnderTest.write(base, "conf/htpasswd", "anna:" + SHA + "\n");
        MarinaUnderTest.write(base, "conf/groups", "# Apache's\nmanager: berta anna\n");
        MarinaUnderTest.write(base, "conf/own.yml", "users: { paul: { password: \"" + SHA + "\", roles: clerk } }");
        LoginWar.pack(base, EeLevel.EE9, "form9.war", LoginWar.form());
        LoginWar.pack(base, EeLevel.EE10, "form10.war", LoginWar.form());
        LoginWar.pack(base, EeLevel.EE11, "basic11.war", LoginWar.basic());
        LoginWar.pack(base, EeLevel.EE10, "none10.war", "");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                auth: { htpasswd: conf/htpasswd, groups: conf/groups }
                defaults: { page_after: 60s }
                contexts:
                  /apart: { war: form10.war, isolation: process, ready: { timeout: 60s } }
                  /form10: { war: form10.war }
                  /own: { war: basic11.war, auth: { users: conf/own.yml, public: [/] } }
                  /door: { war: none10.war, auth: { users: conf/own.yml, form: {} } }
                  /open: { war: basic11.war, auth: false }
                """)) {
            for (String path : new String[] {"/form9", "/form10", "/apart"}) {
                assertThat(marina.get(path + "/boss/").statusCode()).isEqualTo(401);
                assertThat(as(marina, "anna", path + "/boss/").body())
                        .as(path)
                        .contains("user=anna principal=anna type=BASIC manager=true clerk=false boss=true");
                assertThat(as(marina, "anna", path + "/open?logout").statusCode())
                        .isEqualTo(200);
            }
            assertThat(as(marina, "paul", "/own/member/").body()).contains("user=paul", "clerk=true");
            assertThat(as(marina, "anna", "/own/member/").statusCode()).isEqualTo(401);
            assertThat(new LoginBrowser(marina)
                            .loggedIn("/door/open", "paul", "test")
                            .get("/door/open")
                            .body())
                    .contains("user=paul", "type=FORM", "clerk=true");
            assertThat(marina.get("/open/member/").statusCode()).isEqualTo(401);
            assertThat(as(marina, "anna", "/open/boss/").body()).contains("user=anna", "manager=true");
        }
    }

    @ParameterizedTest
    @CsvSource({"EE8,none", "EE10,none", "EE11,process"})
    void aLoginSurvivesAnIdleStopAndEndsWithThePassword(EeLevel level, String isolation) throws Exception {
        MarinaUnderTest.write(base, "conf/users.yml", "users: { sam: { password: \"" + SHA + "\", roles: clerk } }");
        LoginWar.pack(base, level, "form.war", LoginWar.form());
        String yaml = ("contexts: { /form: { war: form.war, isolation: %s, idle_timeout: 1s, page_after: 60s,"
                        + " ready: { timeout: 60s } } }")
                .formatted(isolation);
        LoginBrowser browser;
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            browser = new LoginBrowser(marina);
            browser.get("/form/member/");
            browser.post("/form/j_security_check", "j_username=sam&j_password=test");
            assertThat(browser.get("/form/member/").body()).contains("user=sam", "clerk=true", "manager=false");

            marina.awaitState("/form", "stopped");

            assertThat(browser.get("/form/member/").body())
                    .as("after an idle stop")
                    .contains("user=sam", "type=FORM", "clerk=true");

            MarinaUnderTest.write(
                    base, "conf/users.yml", "users: { sam: { password: \"" + SHA + "\", roles: [clerk, manager] } }");
            assertThat(browser.get("/form/boss/").body()).as("another role").contains("manager=true");

            MarinaUnderTest.write(base, "conf/users.yml", "users: { sam: { password: test } }");
            assertThat(browser.get("/form/boss/").body()).as("a mistake").contains("manager=true");

            MarinaUnderTest.write(
                    base,
                    "conf/users.yml",
                    "users: { sam: { password: \"{SHA}nJIT7g2zEj0w3CoNNdzuoEZFjUg=\", roles: clerk } }");
            assertThat(browser.follow(browser.get("/form/member/")).body())
                    .as("another password")
                    .isEqualTo("please log in");
        }
    }

    @Test
    void whoGuessesHasToWait() throws Exception {
        MarinaUnderTest.write(base, "conf/users.yml", "users: { sam: { password: \"" + SHA + "\" } }");
        LoginWar.pack(base, EeLevel.EE11, "basic.war", LoginWar.basic());
        LoginWar.pack(base, EeLevel.EE9, "form.war", LoginWar.form());
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "trusted_proxies: [loopback]")) {
            for (int i = 0; i < 10; i++) {
                assertThat(guess(marina, "wrong", "192.0.2.1").statusCode()).isEqualTo(401);
            }
            assertThat(guess(marina, "test", "192.0.2.1").statusCode()).isEqualTo(401);
            LoginBrowser there = new LoginBrowser(marina, "X-Forwarded-For", "192.0.2.1");
            there.get("/form/member/");
            HttpResponse<String> refused = there.post("/form/j_security_check", "j_username=sam&j_password=test");
            assertThat(there.follow(refused).body()).isEqualTo("that was wrong");

            assertThat(guess(marina, "test", "192.0.2.2").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> guess(MarinaUnderTest marina, String password, String client) {
        return marina.get("/basic/member/", "Authorization", authorization("sam", password), "X-Forwarded-For", client);
    }

    private static HttpResponse<String> as(MarinaUnderTest marina, String user, String target) {
        return marina.get(target, "Authorization", authorization(user, "test"));
    }

    private static String authorization(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
