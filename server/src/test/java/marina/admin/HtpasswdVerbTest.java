package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import marina.config.Directories;
import marina.testing.LoginBrowser;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What marina.sh htpasswd prints lets the user in. */
class HtpasswdVerbTest {
    private final StringWriter out = new StringWriter();

    @TempDir
    Path base;

    @Test
    void theHashOfAPasswordIsOneThatLogsIn() {
        assertThat(run("sam", "gänse 7:x\nmore\n")).isZero();
        String line = out.toString().strip();
        assertThat(line).startsWith("sam:$2y$10$").doesNotContain("gänse");

        MarinaUnderTest.write(base, "conf/users.yml", "users: { sam: { password: \"" + line.substring(4) + "\" } }");
        MarinaUnderTest.write(base, "site/index.html", "inside");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "auth: { users: conf/users.yml, form: {} }\ncontexts: { /site: { files: site } }")) {
            assertThat(new LoginBrowser(marina)
                            .loggedIn("/site/", "sam", "gänse 7:x")
                            .get("/site/")
                            .body())
                    .isEqualTo("inside");
        }
    }

    @Test
    void nothingIsPrintedForWhatWouldNotWork() {
        assertThat(run("sam", "")).isEqualTo(1);
        assertThat(run("sa:m", "x\n")).isEqualTo(1);
        assertThat(run("sam", "x".repeat(73) + "\n")).isEqualTo(1);
        assertThat(out.toString()).doesNotContain("$2y$");
    }

    private int run(String name, String input) {
        CommandLine line = new CommandLine(new Directories(base, base), Map.of());
        picocli.CommandLine all = line.picocli();
        all.setOut(new PrintWriter(out));
        all.setErr(new PrintWriter(out));
        picocli.CommandLine verb = new picocli.CommandLine(
                new HtpasswdVerb(line, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))));
        return verb.execute(name);
    }
}
