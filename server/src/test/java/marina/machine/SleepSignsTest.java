package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the clocks show after a sleep, and what only looks like one. */
class SleepSignsTest {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Reading.Queued NONE = new Reading.Queued(1, 0);

    private final SleepSigns signs = new SleepSigns(new Reading(0, 0, 0, NONE, "kernel"));

    /** After milliseconds of the wall clock, of the running clock, and of work. */
    private Optional<String> look(long wall, long running, long busy, boolean expected) {
        return signs.look(new Reading(wall, running * 1_000_000, busy * 1_000_000, NONE, "kernel"), TICK, expected);
    }

    @Test
    void nothingHappensFromTickToTick() {
        assertThat(look(1_000, 1_000, 10, false)).isEmpty();
        assertThat(look(2_010, 2_010, 20, false)).isEmpty();
    }

    @Test
    void aSuspendedMachineWasNotCountedByTheRunningClock() {
        assertThat(look(601_000, 1_000, 10, false)).contains("the clock has jumped by 600.0 s");
        assertThat(look(602_000, 2_000, 20, false)).as("once only").isEmpty();
    }

    @Test
    void aStoppedProcessDidNothingForALongTime() {
        assertThat(look(8_000, 8_000, 10, false)).contains("it stood still for 7.0 s");
    }

    @Test
    void soDidOneThatWasBusyWithItsStartWhenItWasStopped() {
        assertThat(look(8_000, 8_000, 2_000, false)).contains("it stood still for 7.0 s");
    }

    @Test
    void aShortStopCountsWhereASleepIsExpected() {
        assertThat(look(2_000, 2_000, 10, false)).isEmpty();
        assertThat(look(4_000, 4_000, 20, true)).isPresent();
    }

    @Test
    void aLongGarbageCollectionIsNoSleep() {
        assertThat(look(9_000, 9_000, 7_500, false)).isEmpty();
    }

    /** Others have taken all processors, so that the heart did not beat in time. */
    @Test
    void aThreadThatHadToWaitForAProcessorWasAwake() {
        Reading.Queued seven = new Reading.Queued(1, 7_000_000_000L);
        assertThat(signs.look(new Reading(9_000, 9_000_000_000L, 0, seven, "kernel"), TICK, true))
                .isEmpty();
        assertThat(signs.look(new Reading(18_000, 18_000_000_000L, 0, seven, "kernel"), TICK, false))
                .as("it did not wait this time")
                .contains("it stood still for 8.0 s");
        Reading.Queued another = new Reading.Queued(2, 16_000_000_000L);
        assertThat(signs.look(new Reading(27_000, 27_000_000_000L, 0, another, "kernel"), TICK, false))
                .as("it is not known how long that thread had waited before")
                .isPresent();
    }

    /** More threads than processors, for as long as it takes until this one has to wait. */
    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledIf("isTold")
    void howLongAThreadHasWaitedIsToldByTheSystem() {
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors() * 2; i++) {
            new Thread(() -> {
                        while (!over.get()) {
                            Thread.onSpinWait();
                        }
                    })
                    .start();
        }
        try {
            Reading before = Reading.now();
            await().pollInSameThread()
                    .untilAsserted(() -> assertThat(Reading.now().waitedNanos(before))
                            .isBetween(1_000_000L, Reading.now().running() - before.running()));
        } finally {
            over.set(true);
        }
    }

    static boolean isTold() {
        return Files.isReadable(Path.of("/proc/thread-self/schedstat"));
    }

    @Test
    void aClockThatIsSetRightALittleIsNoSleep() {
        assertThat(look(2_900, 1_000, 10, false)).isEmpty();
        assertThat(look(2_000, 2_000, 20, false)).as("nor one that is set back").isEmpty();
    }

    @Test
    void anotherKernelIsAnotherMachine() {
        assertThat(signs.look(new Reading(1_000, 1_000_000_000, 0, NONE, "other"), TICK, false))
                .isPresent();
    }

    @Test
    void aClockThatIsSetRightAfterASleepThatIsKnownIsNoOtherSleep() {
        signs.expectCorrection(new Reading(0, 0, 0, NONE, "kernel"));
        assertThat(look(1_000, 1_000, 10, false)).isEmpty();
        assertThat(look(602_000, 2_000, 20, false)).isEmpty();
        assertThat(look(1_203_000, 3_000, 30, false)).as("the next one").isPresent();
    }

    @Test
    void muchLaterItIs() {
        signs.expectCorrection(new Reading(0, 0, 0, NONE, "kernel"));
        assertThat(look(121_000, 121_000, 121_000, false)).isEmpty();
        assertThat(look(722_000, 122_000, 122_000, false)).isPresent();
    }
}
