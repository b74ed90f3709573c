package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The time in which nothing of Marina ran is known, as soon as it runs again. */
class PausesTest {
    private final AtomicLong clock = new AtomicLong(Duration.ofDays(1).toNanos());
    private final Pauses pauses = new Pauses(clock::get, Duration.ofSeconds(2));

    @Test
    void nothingIsLostWhileItTicks() {
        for (int second = 0; second < 100; second++) {
            pass(1);
            assertThat(pauses.lostNanos()).isZero();
            pauses.tick();
        }
        assertThat(pauses.lostNanos()).isZero();
    }

    @Test
    void aPauseIsLostTimeBeforeAndAfterTheNextTick() {
        pass(1);
        pauses.tick();
        pass(600);

        long before = pauses.lostNanos();
        pauses.tick();
        long after = pauses.lostNanos();

        assertThat(Duration.ofNanos(before)).isEqualTo(Duration.ofSeconds(598));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void pausesAddUp() {
        for (int i = 0; i < 3; i++) {
            pass(12);
            pauses.tick();
            pass(1);
            pauses.tick();
        }

        assertThat(Duration.ofNanos(pauses.lostNanos())).isEqualTo(Duration.ofSeconds(30));
    }

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
