package example.gameserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A burst at once, then a steady rate. */
class AllowanceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void givesItsBurstThenItsRateAndSavesNoMoreThanItsBurst() {
        Allowance allowance = new Allowance(3, 2, 5 * SECOND);
        assertThat(taken(allowance, 5 * SECOND)).isEqualTo(3);
        assertThat(taken(allowance, 6 * SECOND)).isEqualTo(2);
        assertThat(taken(allowance, 6 * SECOND + SECOND / 4)).isZero();
        assertThat(taken(allowance, 6 * SECOND + SECOND / 2)).isEqualTo(1);
        assertThat(taken(allowance, 900 * SECOND)).isEqualTo(3);
    }

    private static int taken(Allowance allowance, long now) {
        int taken = 0;
        while (allowance.take(now)) {
            taken++;
        }
        return taken;
    }
}
