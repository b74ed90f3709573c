package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for Navigator: the lines of htpasswd files that it takes, however they are indented, and names in lists. */
class HtpasswdFormsTest {
    private static final String BCRYPT = "05$abcdefghijklmnopqrstuuMceFj4VbmHOj8C7PetMxzZkwre/z.Ri";

    @TempDir
    private Path base;

    private NavigatorBed bed = new NavigatorBed(Path.of(""));

    private MarinaUnderTest start(String htpasswd) {
        bed = new NavigatorBed(base)
                .file("config/htpasswd", htpasswd)
                .file("public/a.txt", "here")
                .file("public/open/a.txt", "open")
                .program("bin/who.sh", "printf 'Content-Type: text/plain\\n\\n'\necho \"$REMOTE_USER\"\n")
                .navigator(
                        """
                        server:
                          listen: LISTEN
                          static: {public_dir: public}
                          cgi_scripts: [{path: /who, script: bin/who.sh, allowed_users: [' sam ', "sally\\t"]}]
                        auth: {enabled: true, htpasswd: config/htpasswd, public_paths: [' /open/ ']}
                        """);
        return bed.start();
    }

    private static int status(MarinaUnderTest marina, String path, String name, String password) {
        String both = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
        return marina.get(path, "Authorization", "Basic " + both).statusCode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$2y$" + BCRYPT,
                "$2a$" + BCRYPT,
                "$2b$" + BCRYPT,
                "$apr1$abcdefgh$/cesMUEGhga5MgaTGywaW0",
                "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
                "$5$abcdefgh$qdvcTv0LZNZdlT5oJZ49o5SQ8X7bA9/X.MJjvjS5cW8",
                "$6$abcdefgh$3rj1vTLX64btReFsM4MQ22otcD40l7vbtw7qCyr0dxc4kxNmgx53xVM8gWiLYbCqTHTbXFaVFU7ZT28pnvdyu0",
                "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=",
                "{SSHA}LzwoVjIf4lYnglQVuvdQOPVHwxpzYWx0eQ=="
            })
    void anyHashIsTaken(String hash) {
        try (MarinaUnderTest marina = start("# users\r\n\r\n  sam : " + hash + " \r\n")) {
            assertThat(status(marina, "/a.txt", "sam", "test")).isEqualTo(200);
            assertThat(status(marina, "/a.txt", "sam", "tesT")).isEqualTo(401);
            assertThat(status(marina, "/a.txt", "sam", hash)).isEqualTo(401);
        }
    }

    @Test
    void blanksAroundNamesAndTheMarkOfWindowsEditorsAreNoPartOfThem() {
        String sha = ":{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n";
        try (MarinaUnderTest marina = start("\uFEFFsam" + sha + "\t sally \t" + sha + "other" + sha)) {
            assertThat(status(marina, "/a.txt", "sam", "test")).isEqualTo(200);
            assertThat(status(marina, "/who", "sam", "test")).isEqualTo(200);
            assertThat(status(marina, "/who", "sally", "test")).isEqualTo(200);
            assertThat(status(marina, "/who", "other", "test")).isEqualTo(403);
            assertThat(marina.get("/open/a.txt").statusCode()).isEqualTo(200);
            assertThat(status(marina, "/a.txt", " sam ", "test")).isEqualTo(200);
            assertThat(status(marina, "/a.txt", "sam", " test")).isEqualTo(401);
        }
    }

    @Test
    void whoIsAddedEntersAndTheOthersStayIn() {
        String sha = ":{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n";
        try (MarinaUnderTest marina = start("user1" + sha)) {
            assertThat(status(marina, "/a.txt", "user1", "test")).isEqualTo(200);
            assertThat(status(marina, "/a.txt", "user2", "test")).isEqualTo(401);
            bed.file("config/htpasswd", "user1" + sha + "user2" + sha);
            await().until(() -> status(marina, "/a.txt", "user2", "test") == 200);
            assertThat(status(marina, "/a.txt", "user1", "test")).isEqualTo(200);
        }
    }
}
