package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import marina.testing.CurrentUser;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may run a script, and as whom it runs. */
class AllowedUsersTest {
    /** SHA-1 of "test". */
    private static final String HASH = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";

    @TempDir
    private Path base;

    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        MarinaUnderTest.write(base, "conf/staff", "admin:" + HASH + "\nanna:" + HASH + "\n");
        MarinaUnderTest.write(base, "conf/guests", "gert:" + HASH + "\n");
        marina = new ScriptsUnderTest(base)
                .sh(
                        "who.sh",
                        "printf 'Content-Type: text/plain\\n\\n'; echo \"${AUTH_TYPE-none} ${REMOTE_USER-nobody}\"")
                .sh("sends.sh", "printf 'Location: /closed/\\n\\n'")
                .start(
                        """
                        auth: { htpasswd: conf/staff, public: ["/open/", "/sync", "^/all$"] }
                        routes:
                          - { match: "^/sync$", cgi: { script: cgi/who.sh, allowed_users: [admin] } }
                          - { match: "^/free/sync$", cgi: { script: cgi/who.sh, allowed_users: [admin] } }
                          - { match: "^/guests/sync$", cgi: { script: cgi/who.sh, allowed_users: [gert] } }
                          - { match: "^/all$", cgi: cgi/who.sh }
                        contexts:
                          /closed: { cgi: { script: cgi/who.sh, allowed_users: [admin] } }
                          /open: { cgi: { script: cgi/who.sh, allowed_users: [admin] } }
                          /free: { cgi: cgi/who.sh, auth: false }
                          /sends: { cgi: cgi/sends.sh, auth: false }
                          /guests: { cgi: { script: cgi/who.sh, allowed_users: [gert] }, auth: { htpasswd: conf/guests } }
                        """);
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    @Test
    void onlyWhoIsNamedAndHasShownThePasswordMayEvenWhereAllElseIsPublic() {
        assertThat(List.of("/closed/", "/open/", "/sync", "/free/sync")).allSatisfy(path -> {
            HttpResponse<String> asked = marina.get(path);
            assertThat(asked.statusCode()).isEqualTo(401);
            assertThat(asked.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(get(path, "admin", "wrong")).isEqualTo("401");
            assertThat(get(path, "anna", "test")).isEqualTo("403");
            assertThat(get(path, "ADMIN", "test")).isEqualTo("401");
            assertThat(get(path, "admin", "test")).isEqualTo("200 Basic admin\n");
        });
    }

    @Test
    void theUsersOfAContextAreThoseOfItsRoutesToo() {
        assertThat(List.of("/guests/", "/guests/sync")).allSatisfy(path -> {
            assertThat(get(path, "admin", "test")).isEqualTo("401");
            assertThat(get(path, "gert", "test")).isEqualTo("200 Basic gert\n");
        });
    }

    @Test
    void aScriptThatSendsElsewhereOpensNoDoor() {
        assertThat(marina.get("/sends/").statusCode()).isEqualTo(401);
        assertThat(get("/sends/", "anna", "test")).isEqualTo("403");
        assertThat(get("/sends/", "admin", "test")).isEqualTo("200 Basic admin\n");
    }

    @Test
    void whoNeedNotShowAPasswordIsNobody() {
        assertThat(get("/free/", "admin", "test")).isEqualTo("200 none nobody\n");
        assertThat(get("/all", "admin", "test")).isEqualTo("200 none nobody\n");
    }

    @Test
    void aScriptRunsAsItsUser() {
        Assumptions.assumeTrue(CurrentUser.uid() == 0, "only root can become another user");
        ScriptsUnderTest scripts = new ScriptsUnderTest(base)
                .sh("id.sh", "printf 'Content-Type: text/plain\\n\\n'; id -u; echo $USER; cat /dev/stdin");
        // The folder of the test is closed to others.
        for (Path folder = base; folder != null && folder.getNameCount() > 1; folder = folder.getParent()) {
            boolean unused = folder.toFile().setExecutable(true, false)
                    && folder.toFile().setReadable(true, false);
        }
        boolean unused = base.resolve("cgi/id.sh").toFile().setReadable(true, false)
                && base.resolve("cgi/id.sh").toFile().setExecutable(true, false);
        marina.close();
        marina = scripts.start("contexts: { /id: { cgi: { script: cgi/id.sh, user: nobody } } }");

        assertThat(marina.post("/id/", "body").body()).isEqualTo("65534\nnobody\nbody");
    }

    private String get(String path, String user, String password) {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = marina.get(path, "Authorization", "Basic " + credentials);
        return answer.statusCode() == 200 ? "200 " + answer.body() : Integer.toString(answer.statusCode());
    }
}
