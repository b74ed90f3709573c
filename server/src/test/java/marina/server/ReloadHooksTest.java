package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code hooks.reload} does: it runs before a configuration takes effect, and may refuse it. */
class ReloadHooksTest {
    private static final String FILES = "public: { directory: public }\n";

    @TempDir
    private Path base;

    @Test
    void theyRunBeforeTheConfigurationTakesEffectAndTheirFailureRefusesIt() {
        MarinaUnderTest.write(base, "public/a.txt", "here");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            ReloadOutcome refused =
                    marina.reload(FILES + "hooks: { reload: [{ command: [sh, -c, 'echo no users >&2; exit 3'] }] }\n");
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.messages()).singleElement().asString().contains("exit status 3", "no users");
            assertThat(marina.get("/a.txt").statusCode()).isEqualTo(404);

            ReloadOutcome done = marina.reload(
                    FILES
                            + "hooks: { reload: [{ command: [sh, -c, 'echo $WHERE > here'], directory: public, env: { WHERE: there } }] }\n");
            assertThat(done.succeeded()).isTrue();
            assertThat(marina.get("/a.txt").body()).isEqualTo("here");
            assertThat(marina.read("public/here").strip()).isEqualTo("there");
        }
    }

    @Test
    void oneThatIsNotRequiredRefusesNothing() {
        MarinaUnderTest.write(base, "public/a.txt", "here");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            String hooks = "hooks: { reload: [{ command: 'false', required: false }] }\n";
            assertThat(marina.reload(FILES + hooks).succeeded()).isTrue();
            assertThat(marina.get("/a.txt").body()).isEqualTo("here");
        }
    }
}
