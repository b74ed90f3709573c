package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import marina.testing.CurrentUser;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersAndLimitsTest {
    @TempDir
    private Path base;

    @Test
    void aKillForMemoryIsNamedAndTheNextRequestStartsAnew() {
        assumeThat(Path.of("/proc/self/status")).exists();
        String yaml =
                """
                contexts:
                  /a:
                    command: ["${JAVA}", -cp, "${CLASSES}", marina.testing.TestApp, hungry, "${port}"]
                    memory_limit: 150M
                    page_after: 30s
                    strip_path: true
                """;
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/a/").statusCode()).isEqualTo(200);

            var unused = marina.getAsync("/a/eat");

            marina.awaitState("/a", "failed");
            assertThat(marina.status("/a").backend().reason())
                    .matches("killed for memory: \\d+M used, memory_limit 150M.*");
            await().atMost(Duration.ofSeconds(10)).until(() -> marina.get("/a/").statusCode() == 200);
        }
    }

    @Test
    void processAndHooksRunAsTheUserInItsSurroundings() throws Exception {
        assumeThat(CurrentUser.uid()).as("only root can switch users").isZero();
        String yaml =
                """
                contexts:
                  /a:
                    command: [sh, -c, 'echo "$USER $LOGNAME $HOME"; id -un; exit 3']
                    directory: /tmp
                    user: nobody
                    hooks: { start: [{ command: [sh, -c, 'echo "hook: $(id -un) $USER"'] }] }
                """;
        String home = home("nobody");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/a/").statusCode()).isEqualTo(503);

            assertThat(marina.status("/a").backend().reason())
                    .contains("exit status 3", "nobody nobody " + home + " | nobody");
            await().until(() -> marina.read("logs/contexts/a.log").contains("hook: nobody nobody"));
        }
    }

    @Test
    void inheritsMarinasEnvironmentOnlyWhenToldTo() {
        String variable = System.getenv().keySet().stream()
                .filter(name -> name.matches("[A-Z_]+"))
                .filter(name -> !name.matches("PATH|HOME|LANG|LC_ALL|TZ|USER|TMPDIR|PWD|OLDPWD|SHLVL|_|.*PROCESS.*"))
                .findFirst()
                .orElse("");
        assumeThat(variable).as("a variable that is not inherited by itself").isNotEmpty();
        String yaml =
                """
                defaults: { env: { OWN: own }, directory: /tmp, command: [sh, -c, 'echo "<$VARIABLE><$OWN>"; exit 3'] }
                contexts:
                  /all: { inherit_env: true }
                  /few: {}
                """
                        .replace("$VARIABLE", "$${" + variable + "+there}");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            marina.get("/all/");
            marina.get("/few/");

            assertThat(marina.status("/all").backend().reason()).contains("<there><own>");
            assertThat(marina.status("/few").backend().reason()).contains("<><own>");
        }
    }

    private static String home(String user) throws Exception {
        return Files.readAllLines(Path.of("/etc/passwd")).stream()
                .filter(line -> line.startsWith(user + ":"))
                .map(line -> line.split(":", -1)[5])
                .findFirst()
                .orElseThrow();
    }
}
