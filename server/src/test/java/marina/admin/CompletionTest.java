package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import marina.config.Directories;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash and zsh complete with the scripts that {@code marina.sh completion} prints. */
class CompletionTest {
    private static final String CONTEXTS = "contexts: { /sam/list1: { files: site }, /sally: { files: site } }\n";

    @TempDir
    private Path base;

    private Path script(String shell) throws Exception {
        StringWriter out = new StringWriter();
        int status = new CommandLine(new Directories(base, base), Map.of())
                .picocli()
                .setOut(new PrintWriter(out))
                .execute("completion", shell);
        assertThat(status).isZero();
        Path file = base.resolve("completion." + shell);
        Files.writeString(file, out.toString());
        return file;
    }

    private List<String> bash(String... words) throws Exception {
        String quoted = "'" + String.join("' '", words) + "'";
        return RunningMarina.output(
                        "bash",
                        "-c",
                        "source " + script("bash") + "; COMP_WORDS=('" + RunningMarina.script(base) + "' " + quoted
                                + "); COMP_CWORD=" + words.length
                                + "; _marina; printf '%s\\n' \"${COMPREPLY[@]}\"")
                .lines()
                .toList();
    }

    @Test
    void bashKnowsVerbsOptionsAndWords() throws Exception {
        assertThat(bash("re")).containsExactlyInAnyOrder("reload", "restart", "restore");
        assertThat(bash("ro")).containsExactly("rollback");
        assertThat(bash("logs", "-")).contains("-f", "-n", "--json", "--config").doesNotContain("--strict");
        assertThat(bash("-c", "x.yml", "check", "--st")).containsExactly("--strict");
        assertThat(bash("export", "")).containsExactly("cloudflare", "fly");
        assertThat(bash("help", "roll")).containsExactly("rollback");
        assertThat(bash("await")).containsExactly("");
        Files.writeString(base.resolve("navigator.yml"), "");
        assertThat(bash("convert", base + "/nav")).containsExactly(base + "/navigator.yml");
    }

    @Test
    void bashKnowsTheContextsOfTheServerThatRuns() throws Exception {
        MarinaUnderTest.write(base, "site/index.html", "");
        try (RunningMarina marina = new RunningMarina(base, CONTEXTS)) {
            assertThat(marina.server().host().contexts()).hasSize(2);
            // What is written but not applied is not there yet.
            MarinaUnderTest.write(base, "conf/server.yml", "contexts: { /later: { files: site }, a: [\n");
            assertThat(bash("logs", "/sa")).containsExactlyInAnyOrder("/sam/list1", "/sally");
        }
        MarinaUnderTest.write(base, "conf/server.yml", "contexts: { /later: { files: site } }\n");
        assertThat(bash("restart", "")).containsExactly("/later");
    }

    @Test
    void zshKnowsTheSame() throws Exception {
        assumeTrue(!RunningMarina.output("sh", "-c", "command -v zsh || true").isBlank(), "zsh is not installed");
        MarinaUnderTest.write(base, "site/index.html", "");
        MarinaUnderTest.write(base, "conf/server.yml", CONTEXTS);
        assertThat(zsh("re")).contains("reload:read the configuration anew and go over to it");
        assertThat(zsh("logs", "-")).contains("-f", "--json");
        assertThat(zsh("logs", "/")).containsExactlyInAnyOrder("/sam/list1", "/sally");
        assertThat(zsh("completion", "")).containsExactly("bash", "zsh");
    }

    /** With the words of its completion system replaced by ones that print what they are offered. */
    private List<String> zsh(String... words) throws Exception {
        String system = "compdef() { :; }; compadd() { shift; print -l -- \"$@\"; };"
                + " _describe() { print -l -- \"${(@P)4}\"; }; ";
        String quoted = "'" + String.join("' '", words) + "'";
        return RunningMarina.output(
                        "zsh",
                        "-f",
                        "-c",
                        system + "source " + script("zsh") + "; words=('" + RunningMarina.script(base) + "' " + quoted
                                + "); CURRENT=" + (words.length + 1) + "; _marina")
                .lines()
                .toList();
    }
}
