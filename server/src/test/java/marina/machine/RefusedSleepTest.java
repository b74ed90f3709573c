package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import marina.testing.MachinesApi;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sleep that does not come is noticed, told, and tried again later and later. */
class RefusedSleepTest {
    @TempDir
    private Path base;

    @Test
    void eachRefusalDoublesThePauseBeforeTheNextTry() {
        try (MachineBed bed = MachineBed.start(base, "timeout: 300ms", MachineBed.app(""))) {
            bed.api.does(call -> MachinesApi.answer(503, "try later"));
            bed.awaitCalls(4);

            List<Long> pauses = List.of(pause(bed, 1), pause(bed, 2), pause(bed, 3));
            assertThat(pauses.get(0)).isGreaterThanOrEqualTo(300);
            assertThat(pauses.get(1)).isGreaterThanOrEqualTo(600);
            assertThat(pauses.get(2)).isGreaterThanOrEqualTo(1200);
            bed.awaitState(MachineState.RUNNING);
            assertThat(bed.machine().refusals()).isGreaterThanOrEqualTo(3);
            assertThat(bed.machine().lastRefusal()).isEqualTo("the Machines API has refused: 503 try later");
            assertThat(bed.machine().sleeps()).isZero();
            bed.answers("/app/");
        }
    }

    private static long pause(MachineBed bed, int call) {
        long nanos = bed.api.calls().get(call).nanos()
                - bed.api.calls().get(call - 1).nanos();
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    @Test
    void aYesThatNothingFollowsIsARefusal() {
        try (MachineBed bed = MachineBed.start(base, "timeout: 300ms, patience: 400ms", MachineBed.app(""))) {
            bed.awaitCalls(1);
            await("a refusal")
                    .atMost(MachineBed.PATIENCE)
                    .until(() -> bed.machine().refusals() > 0);
            assertThat(bed.machine().lastRefusal()).contains("nothing happened");
            bed.awaitCalls(2);
        }
    }

    @Test
    void noAnswerInTimeIsARefusal() {
        try (MachineBed bed = MachineBed.start(base, "timeout: 300ms, patience: 500ms", MachineBed.app(""))) {
            bed.api.saysNothing();
            await("a refusal")
                    .atMost(MachineBed.PATIENCE)
                    .until(() -> bed.machine().refusals() > 0);
            assertThat(bed.machine().lastRefusal()).contains("cannot be asked");
            bed.answers("/app/");
        }
    }

    @Test
    void anApiThatIsNotThereIsARefusal() throws Exception {
        try (MachineBed bed = MachineBed.start(base, "timeout: 300ms", MachineBed.app(""))) {
            Files.delete(base.resolve("run/api.sock"));
            await("a refusal")
                    .atMost(MachineBed.PATIENCE)
                    .until(() -> bed.machine().refusals() > 0);
            assertThat(bed.machine().lastRefusal()).contains("api.sock");
            bed.answers("/app/");
        }
    }

    @Test
    void aSuspendHookThatFailsKeepsTheMachineAwake() {
        String hooks = "hooks: { suspend: [{ command: [sh, -c, 'echo no bucket >&2; exit 3'] }] }\n";
        try (MachineBed bed = MachineBed.start(base, "timeout: 300ms", hooks + MachineBed.app(""))) {
            await("two tries")
                    .atMost(MachineBed.PATIENCE)
                    .until(() -> bed.machine().refusals() >= 2);
            assertThat(bed.api.calls()).isEmpty();
            assertThat(bed.machine().lastRefusal()).isEqualTo("a suspend hook failed");
            bed.answers("/app/");
        }
    }

    @Test
    void withoutAMachinesApiStopEndsMarinaItself() throws Exception {
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "idle: { action: stop, timeout: 300ms }\n" + MachineBed.app(""))) {
            assertThat(marina.get("/app/").statusCode()).isEqualTo(200);
            marina.server().machine().stopWanted().get(10, TimeUnit.SECONDS);
            assertThat(marina.status("/app").state()).isEqualTo("stopped");
            assertThat(marina.get("/app/").statusCode())
                    .as("until it has ended it serves")
                    .isEqualTo(200);
        }
    }

    @Test
    void onFlyStopAsksTheApiToStop() {
        try (MachineBed bed = MachineBed.start(base, "timeout: 10m", MachineBed.app(""))) {
            assertThat(bed.marina
                            .reload("idle: { action: stop, timeout: 300ms }\nfleet: { api: run/api.sock }\n")
                            .succeeded())
                    .isTrue();
            bed.awaitCalls(1);
            assertThat(bed.api.calls().get(0).line()).endsWith("/m1/stop");
        }
    }
}
