package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who looks at the clocks first after a sleep: nobody passes meanwhile because of that look. */
class HeartbeatTest {
    private static final Reading.Queued NONE = new Reading.Queued(1, 0);

    private long secondsAgo = 60;
    private String kernel = "before";
    private final List<Boolean> alarms = new ArrayList<>();
    private final Heartbeat heart = new Heartbeat(this::read, this::alarm);

    private Reading read() {
        long now = System.nanoTime() - secondsAgo * 1_000_000_000;
        return new Reading(System.currentTimeMillis() - secondsAgo * 1_000, now, 0, NONE, kernel);
    }

    private void alarm() {
        alarms.add(heart.mayShowSleep(aheadOfAll()));
    }

    private static long aheadOfAll() {
        return System.currentTimeMillis() + 60_000;
    }

    @Test
    void theAlarmIsGivenWhileTheHeartIsStillOldForEverybodyElse() {
        heart.beat(Duration.ZERO, false);
        assertThat(heart.mayShowSleep(0)).as("after a minute").isTrue();
        secondsAgo = 0;
        kernel = "after";
        assertThat(heart.beat(Heartbeat.PAUSE, false)).isPresent();
        assertThat(alarms).containsExactly(true);
        assertThat(heart.mayShowSleep(0)).isFalse();
    }

    @Test
    void theSameForASleepOfWhichAnotherMachineTells() {
        secondsAgo = 0;
        heart.beat(Duration.ZERO, false);
        assertThat(heart.signOf(aheadOfAll())).isPresent();
        assertThat(alarms).containsExactly(true);
        assertThat(heart.mayShowSleep(aheadOfAll())).isFalse();
    }

    @Test
    void nothingIsAlarmingAboutABeatInTime() {
        secondsAgo = 1;
        heart.beat(Duration.ZERO, false);
        secondsAgo = 0;
        assertThat(heart.beat(Heartbeat.PAUSE, false)).isEmpty();
        assertThat(heart.signOf(System.currentTimeMillis())).isEmpty();
        assertThat(alarms).isEmpty();
    }
}
