package marina.machine;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sleeps that did not come: told once for each reason, and tried again later and later. Used by one thread. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final RetryPace pace = new RetryPace();
    private final MachineRecord record;

    Refusals(MachineRecord record) {
        this.record = record;
    }

    /** Another one. */
    void add(Attempt attempt, String why) {
        Duration pause = pace.failed(System.nanoTime(), attempt.idle.timeout());
        if (record.refused(why)) {
            LOG.warn(
                    "The machine could not {}: {}; next try in {} if nobody uses it",
                    Texts.of(attempt.idle.action()),
                    why,
                    Texts.seconds(pause));
        }
    }

    /** Whether it is too early for another try. */
    boolean isResting(long now) {
        return pace.isResting(now);
    }

    /** It has slept. */
    void end() {
        pace.reset();
    }
}
