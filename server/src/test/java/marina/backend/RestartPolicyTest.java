package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    @Test
    void doublesTheDelayOfFailedStartsUpToHalfAMinute() {
        assertThat(Stream.iterate(RestartPolicy.HEALTHY.afterFailedStart(), RestartPolicy::afterFailedStart)
                        .limit(9)
                        .map(policy -> policy.delay().toMillis()))
                .containsExactly(250L, 500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L);
    }

    @Test
    void restartsAtOnceAfterTheFirstCrash() {
        assertThat(RestartPolicy.HEALTHY.afterCrash(Duration.ofSeconds(1)).delay())
                .isZero();
    }

    @Test
    void slowsDownWhatCrashesAgainAndAgain() {
        RestartPolicy second =
                RestartPolicy.HEALTHY.afterCrash(Duration.ofSeconds(1)).afterCrash(Duration.ofSeconds(1));

        assertThat(second.delay()).hasMillis(250);
        assertThat(second.afterCrash(Duration.ofSeconds(1)).delay()).hasMillis(500);
    }

    @Test
    void givesUpAfterTheFifthFailureInARow() {
        RestartPolicy four = RestartPolicy.HEALTHY
                .afterFailedStart()
                .afterCrash(Duration.ofSeconds(1))
                .afterFailedStart()
                .afterFailedStart();

        assertThat(four.givenUp()).isFalse();
        assertThat(four.afterFailedStart().givenUp()).isTrue();
        assertThat(four.afterCrash(Duration.ofSeconds(59)).givenUp()).isTrue();
        assertThat(four.afterCrash(Duration.ofMinutes(1)).givenUp()).isFalse();
    }

    @Test
    void forgetsFailuresAfterAMinuteOfHealth() {
        RestartPolicy bad = new RestartPolicy(7, Duration.ofSeconds(30));

        assertThat(bad.afterCrash(Duration.ofMinutes(1)).delay()).isZero();
    }
}
