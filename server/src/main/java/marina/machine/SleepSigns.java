package marina.machine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tells from one reading of the clocks to the next that this process has not run meanwhile. Three signs: the wall clock has
 * left the running clock behind (the machine was suspended); both went on and nobody looked at them, though the process was
 * not busy (it was stopped or frozen); the kernel is another one (it was moved). A long garbage collection is busy, and so is
 * a thread that waits for a processor that others have. Not thread-safe.
 */
final class SleepSigns {
    /** An adjustment of the wall clock is smaller than that; one that is not is taken for a sleep. */
    private static final Duration JUMP = Duration.ofSeconds(2);

    /** A machine that has too much to do is not looked at for that long. */
    private static final Duration GAP = Duration.ofSeconds(5);

    /** The same for one that is expected to sleep at any moment. */
    private static final Duration EXPECTED_GAP = Duration.ofMillis(500);

    /** A process that has computed for this part of the time has not slept; one that has just started has before, with all processors. */
    private static final int BUSY_PART = 2;

    /** Nor has one whose turn it was for this part of the time, while others computed. */
    private static final int STARVED_PART = 2;

    /** After a sleep that the clocks did not show, the wall clock is set right within that time. */
    private static final Duration CORRECTION = Duration.ofMinutes(2);

    private Reading last;
    private long correctionUntil; // by the running clock
    private boolean correctionDue;

    SleepSigns(Reading first) {
        last = first;
    }

    /**
     * Looks at the clocks.
     *
     * @param pause that was meant to lie between the last look and this one
     * @param expected whether a sleep has been asked for
     * @return what shows that there was a sleep
     */
    Optional<String> look(Reading now, Duration pause, boolean expected) {
        Reading before = last;
        last = now;
        long jump = now.jumpMillis(before);
        if (jump > JUMP.toMillis()) {
            if (!expected && correctionDue && now.running() - correctionUntil < 0) {
                correctionDue = false;
                return Optional.empty();
            }
            return Optional.of("the clock has jumped by " + seconds(jump));
        }
        if (!now.boot().equals(before.boot())
                && !now.boot().isEmpty()
                && !before.boot().isEmpty()) {
            return Optional.of("it runs on another kernel than before");
        }
        long gap = now.running() - before.running() - pause.toNanos();
        boolean idle = (now.busy() - before.busy()) * BUSY_PART < gap;
        boolean starved = now.waitedNanos(before) * STARVED_PART > gap;
        Duration usual = expected ? EXPECTED_GAP : GAP;
        return gap > usual.toNanos() && idle && !starved
                ? Optional.of("it stood still for " + seconds(TimeUnit.NANOSECONDS.toMillis(gap)))
                : Optional.empty();
    }

    /** Whatever was before this counts no more. */
    void begin(Reading first) {
        last = first;
    }

    /** There was a sleep without a sign here: the next jump of the wall clock belongs to it, and is none of another one. */
    void expectCorrection(Reading now) {
        correctionDue = true;
        correctionUntil = now.running() + CORRECTION.toNanos();
    }

    private static String seconds(long millis) {
        return Math.round(millis / 100.0) / 10.0 + " s";
    }
}
