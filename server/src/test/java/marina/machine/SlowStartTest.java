package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that has to wait for others while it starts has not slept. */
class SlowStartTest {
    @TempDir
    private Path base;

    @Test
    void aStartHookThatTakesItsTimeIsNoSleepOfTheMachine() {
        String yaml =
                """
                health: { path: /up, body: up }
                hooks:
                  start: [{ command: [sleep, "7"] }]
                  resume: [{ command: [touch, resumed] }]
                """;
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/up").body()).isEqualTo("up");
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(base.resolve("resumed")).doesNotExist());
        }
    }
}
