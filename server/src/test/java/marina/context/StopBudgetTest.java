package marina.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import marina.testing.Family;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops gives every application the time that its configuration says, all at the same time. */
class StopBudgetTest {
    @TempDir
    private Path base;

    @Test
    void stubbornApplicationsNeitherShortenTheTimeOfOthersNorAddUp() {
        Family family = new Family();
        StringBuilder yaml = new StringBuilder("contexts:\n");
        for (int i = 0; i < 4; i++) {
            yaml.append(
                    context("stubborn" + i, "app.js", "IGNORE_TERM: \"1\", " + family.variable(), i < 3 ? "1s" : "3s"));
        }
        yaml.append(context("brief", "app.js", "IGNORE_TERM: \"1\", " + family.variable(), "100ms"));
        yaml.append(context("careful", "unruly.js", "SLOW_END: \"" + base + "/end\", " + family.variable(), "3s"));
        MarinaUnderTest marina = MarinaUnderTest.start(base, yaml.toString());
        List.of("stubborn0", "stubborn1", "stubborn2", "stubborn3", "brief", "careful")
                .forEach(name ->
                        assertThat(marina.get("/" + name + "/").statusCode()).isEqualTo(200));

        long begin = System.nanoTime();
        marina.close();

        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(marina.read("end")).isEqualTo("finished");
        assertThat(took).as("the longest, not the sum").isBetween(Duration.ofMillis(2900), Duration.ofMillis(5500));
        assertThat(family.members()).isEmpty();
    }

    private static String context(String name, String script, String env, String stopTimeout) {
        return "  /%s: { command: [node, %s], directory: %s, env: { %s }, stop_timeout: %s }%n"
                .formatted(name, script, Path.of("target/test-classes/apps").toAbsolutePath(), env, stopTimeout);
    }
}
