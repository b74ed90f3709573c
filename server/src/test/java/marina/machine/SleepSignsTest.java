package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the clocks show after a sleep, and what only looks like one. */
class SleepSignsTest {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final SleepSigns signs = new SleepSigns(new Reading(0, 0, 0, "kernel"));

    /** After milliseconds of the wall clock, of the running clock, and of work. */
    private Optional<String> look(long wall, long running, long busy, boolean expected) {
        return signs.look(new Reading(wall, running * 1_000_000, busy * 1_000_000, "kernel"), TICK, expected);
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
    void aShortStopCountsWhereASleepIsExpected() {
        assertThat(look(2_000, 2_000, 10, false)).isEmpty();
        assertThat(look(4_000, 4_000, 20, true)).isPresent();
    }

    @Test
    void aLongGarbageCollectionIsNoSleep() {
        assertThat(look(9_000, 9_000, 7_500, false)).isEmpty();
    }

    @Test
    void aClockThatIsSetRightALittleIsNoSleep() {
        assertThat(look(2_900, 1_000, 10, false)).isEmpty();
        assertThat(look(2_000, 2_000, 20, false)).as("nor one that is set back").isEmpty();
    }

    @Test
    void anotherKernelIsAnotherMachine() {
        assertThat(signs.look(new Reading(1_000, 1_000_000_000, 0, "other"), TICK, false))
                .isPresent();
    }

    @Test
    void aClockThatIsSetRightAfterASleepThatIsKnownIsNoOtherSleep() {
        signs.expectCorrection(new Reading(0, 0, 0, "kernel"));
        assertThat(look(1_000, 1_000, 10, false)).isEmpty();
        assertThat(look(602_000, 2_000, 20, false)).isEmpty();
        assertThat(look(1_203_000, 3_000, 30, false)).as("the next one").isPresent();
    }

    @Test
    void muchLaterItIs() {
        signs.expectCorrection(new Reading(0, 0, 0, "kernel"));
        assertThat(look(121_000, 121_000, 121_000, false)).isEmpty();
        assertThat(look(722_000, 122_000, 122_000, false)).isPresent();
    }
}
