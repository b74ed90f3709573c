package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: who gets in without a password, and who does not although he would there. */
class PasswordsTest {
    private static final String APPLICATIONS = "applications:\n" + NavigatorBed.NODE
            + """
              tenants:
                - {path: /showcase/, framework: node}
                - {path: /free/, framework: node, auth_enabled: false}
                - {path: /own/, framework: node, auth_realm: Own}
            """;

    @TempDir
    private Path base;

    private NavigatorBed bed = new NavigatorBed(Path.of(""));
    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        bed = new NavigatorBed(base)
                .passwords()
                .file("public/styles.css", "css")
                .file("public/public/file.html", "open")
                .file("public/public/closed/file.html", "closed")
                .file("public/studio/favicon.ico", "icon")
                .program("bin/who.sh", "echo 'Content-Type: text/plain'\necho\necho \"$REMOTE_USER $HTTP_PROXY\"\n")
                .navigator(
                        """
                        server:
                          listen: LISTEN
                          health_check: {path: /up, response: {status: 200, body: OK}}
                          static: {public_dir: public, allowed_extensions: [css, html, ico]}
                          cgi_scripts:
                            - {path: /public/who, script: bin/who.sh, allowed_users: [sam]}
                            - {path: /public/all, script: bin/who.sh}
                        auth:
                          enabled: true
                          realm: Test Realm
                          htpasswd: config/htpasswd
                          public_paths: ['*.css', '*/favicon.ico', /public/, '/showcase/assets/*.js', /showcase/health]
                          auth_patterns:
                            - {pattern: '^/showcase/2025/(boston|seattle)/?$', action: 'off'}
                            - {pattern: '^/showcase/admin', action: Admin Only}
                            - {pattern: '^/public/closed/', action: Closed Room}
                        """
                                + APPLICATIONS);
        marina = bed.start();
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    private int status(String path, String... headers) {
        return marina.get(path, headers).statusCode();
    }

    private static String[] user(String name, String password) {
        String both = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        return new String[] {"Authorization", "Basic " + both};
    }

    @Test
    void whoHasNoPasswordIsAskedForOne() {
        HttpResponse<String> answer = marina.get("/showcase/x");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("www-authenticate"))
                .hasValueSatisfying(field -> assertThat(field).startsWith("Basic realm=\"Test Realm\""));
        assertThat(status("/showcase/x", user("sam", "test"))).isEqualTo(200);
        assertThat(status("/showcase/x", user("sam", "wrong"))).isEqualTo(401);
        assertThat(status("/up")).isEqualTo(200);
    }

    @Test
    void publicPathsAreOpen() {
        assertThat(status("/styles.css")).isEqualTo(200);
        assertThat(status("/public/file.html")).isEqualTo(200);
        assertThat(status("/public")).isEqualTo(401);
        assertThat(status("/showcase/assets/a.js")).isEqualTo(200);
        assertThat(status("/showcase/assets/b/a.js")).isEqualTo(401);
        assertThat(status("/showcase/health")).isEqualTo(200);
        assertThat(status("/showcase/health-check")).isEqualTo(401);
    }

    @Test
    void patternsAreOpenOnlyWithActionOff() {
        assertThat(status("/showcase/2025/boston/")).isEqualTo(200);
        assertThat(status("/showcase/2025/seattle")).isEqualTo(200);
        assertThat(status("/showcase/2025/boston/disney/")).isEqualTo(401);
        assertThat(status("/showcase/admin")).isEqualTo(401);
        // In Java "$" would also match before a line feed at the end; RE2 does not.
        assertThat(status("/showcase/2025/boston%0A")).isIn(400, 401);
    }

    @Test
    void aPatternMayHaveARealmOfItsOwnAndIsClosedThen() {
        // There any action but "off" is passed over; its manual has it name a realm.
        assertThat(marina.get("/showcase/admin").headers().firstValue("www-authenticate"))
                .hasValueSatisfying(field -> assertThat(field).contains("\"Admin Only\""));
        assertThat(status("/showcase/admin", user("sam", "test"))).isEqualTo(200);
        HttpResponse<String> closed = marina.get("/public/closed/file.html");
        assertThat(closed.statusCode()).isEqualTo(401);
        assertThat(closed.headers().firstValue("www-authenticate"))
                .hasValueSatisfying(field -> assertThat(field).contains("\"Closed Room\""));
        assertThat(marina.get("/public/closed/file.html", user("sam", "test")).body())
                .isEqualTo("closed");
    }

    @Test
    void anyEndMayBePublicForFilesAlone() {
        assertThat(status("/studio/favicon.ico")).isEqualTo(200);
        // There this reaches the application without a password.
        assertThat(status("/showcase/favicon.ico")).isEqualTo(401);
    }

    @Test
    void tenantsMaySayDifferently() {
        assertThat(status("/free/x")).isEqualTo(200);
        assertThat(marina.get("/own/x").headers().firstValue("www-authenticate"))
                .hasValueSatisfying(field -> assertThat(field).contains("\"Own\""));
        assertThat(status("/own/x", user("sally", "test"))).isEqualTo(200);
    }

    @Test
    void anEndingOpensNoApplication() {
        // There "*.css" lets /showcase/x.css through to the application.
        assertThat(status("/showcase/x.css")).isEqualTo(401);
        assertThat(status("/public/../showcase/x")).isEqualTo(401);
        assertThat(status("//showcase/x")).isEqualTo(401);
        assertThat(status("/public/%2e%2e/showcase/x")).isIn(400, 401);
    }

    @Test
    void nobodyIsBelievedWhoHeIs() {
        assertThat(status("/showcase/x", "X-Forwarded-User", "sam", "X-Remote-User", "sam", "Remote-User", "sam"))
                .isEqualTo(401);
        assertThat(status("/showcase/x", "Authorization", "Basic %%%")).isEqualTo(401);
        String seen = marina.get(
                        "/free/x", "X-Forwarded-User", "sam", "X-Forwarded-For", "203.0.113.9", "Remote-User", "sam")
                .body();
        assertThat(seen).doesNotContain("sam").doesNotContain("203.0.113.9");
    }

    @Test
    void scriptsForSomeUsersVerifyThePassword() {
        // There the name alone is enough where the path is public.
        assertThat(status("/public/who")).isEqualTo(401);
        assertThat(status("/public/who", user("sam", "wrong"))).isEqualTo(401);
        assertThat(status("/public/who", user("sally", "test"))).isEqualTo(403);
        assertThat(marina.get("/public/who", user("sam", "test")).body().strip())
                .isEqualTo("sam");
        assertThat(marina.get("/public/all", "Proxy", "http://evil").body().strip())
                .isEmpty();
    }

    @Test
    void aNewUserIsKnownWithoutARestart() {
        assertThat(status("/showcase/x", user("user2", "test"))).isEqualTo(401);
        bed.file("config/htpasswd", "user2:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        await().until(() -> status("/showcase/x", user("user2", "test")) == 200);
        // There a user who is taken out stays one until somebody's login fails.
        assertThat(status("/showcase/x", user("sam", "test"))).isEqualTo(401);
    }

    @Test
    void aPasswordInPlainTextIsNone() {
        bed.file("config/htpasswd", "user3:test\nsally:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        await().until(() -> status("/showcase/x", user("sam", "test")) == 401);
        assertThat(status("/showcase/x", user("sally", "test"))).isEqualTo(200);
        // There it is.
        assertThat(status("/showcase/x", user("user3", "test"))).isEqualTo(401);
    }

    @Test
    void passwordsThatCannotBeReadAreNoWayIn() {
        NavigatorBed other = new NavigatorBed(base.resolve("other"));
        String yaml = "server: {listen: LISTEN}\nauth: {enabled: true%s}\n";
        assertThat(other.navigator(yaml.formatted(", htpasswd: config/none")).problems())
                .contains("config/navigator.yml:2:33: auth.htpasswd: \"config/none\" does not exist");
        // There an empty name switches the question for passwords off.
        assertThat(other.navigator(yaml.formatted("")).problems()).contains("needs htpasswd");
        assertThat(other.navigator(yaml.formatted(", realm: \"off\"")).problems())
                .isEmpty();
    }
}
