package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Leases end by themselves, and each ends once. */
class ActivityLeasesTest {
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger ended = new AtomicInteger();
    private final ActivityLeases leases = new ActivityLeases(clock::get, () -> {});

    private void take(String name, Duration ttl) {
        leases.take(name, ttl, "", ended::incrementAndGet);
    }

    @Test
    void oneEndsWhenItsTimeIsOver() {
        take("import", Duration.ofMinutes(10));
        clock.addAndGet(Duration.ofMinutes(9).toNanos());
        assertThat(leases.any()).isTrue();
        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(leases.any()).isFalse();
        assertThat(ended).hasValue(1);
    }

    @Test
    void takingItAgainRenewsIt() {
        take("import", Duration.ofMinutes(10));
        clock.addAndGet(Duration.ofMinutes(9).toNanos());
        take("import", Duration.ofMinutes(10));
        clock.addAndGet(Duration.ofMinutes(9).toNanos());
        assertThat(leases.all()).containsExactly(new ActivityLease("import", Duration.ofMinutes(1), ""));
        assertThat(leases.release("import")).isTrue();
        assertThat(leases.release("import")).isFalse();
        assertThat(ended).as("each of the two").hasValue(2);
    }

    @Test
    void badOnesAreRefused() {
        assertThatThrownBy(() -> take("../etc", Duration.ofMinutes(1))).hasMessageContaining("no name of a lease");
        assertThatThrownBy(() -> take("a", Duration.ZERO)).hasMessageContaining("up to one day");
        assertThatThrownBy(() -> take("a", Duration.ofDays(2))).hasMessageContaining("up to one day");
        for (int i = 0; i < 1000; i++) {
            take("n" + i, Duration.ofMinutes(1));
        }
        assertThatThrownBy(() -> take("more", Duration.ofMinutes(1))).hasMessageContaining("1000 leases already");
        take("n1", Duration.ofMinutes(2));
        assertThat(ended).hasValue(1);
    }
}
