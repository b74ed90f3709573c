package marina.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import marina.tls.ServerCertificate;
import marina.tls.X509Writer;
import org.junit.jupiter.api.Test;

/** When certificates are renewed, and how long is waited after failures. */
class RenewalTest {
    private static final Duration MONTH = Duration.ofDays(30);

    private final Instant begin = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void isDueAsLongBeforeTheEndAsTheOperatorSays() throws Exception {
        assertThat(Renewal.due(lasting(Duration.ofDays(365)), begin, MONTH))
                .isEqualTo(begin.plus(Duration.ofDays(335)));
        assertThat(Renewal.due(lasting(Duration.ofDays(90)), begin, Duration.ofDays(10)))
                .isEqualTo(begin.plus(Duration.ofDays(80)));
    }

    @Test
    void isDueInTheLastThirdOfShortLives() throws Exception {
        assertThat(Renewal.due(lasting(Duration.ofDays(6)), begin, MONTH)).isEqualTo(begin.plus(Duration.ofDays(4)));
        assertThat(Renewal.due(lasting(Duration.ofDays(90)), begin, Duration.ofDays(80)))
                .isEqualTo(begin.plus(Duration.ofDays(60)));
    }

    @Test
    void isNotDueOnArrivalHoweverOldItIs() throws Exception {
        Instant late = begin.plus(Duration.ofDays(89));
        assertThat(Renewal.due(lasting(Duration.ofDays(90)), late, MONTH)).isEqualTo(late.plus(Duration.ofHours(16)));
    }

    @Test
    void theAuthoritysWindowIsFollowedButNotAtOnce() throws Exception {
        ServerCertificate certificate = lasting(Duration.ofDays(90));
        Renewal.Window later = new Renewal.Window(begin.plus(Duration.ofDays(10)), begin.plus(Duration.ofDays(20)));
        assertThat(Renewal.due(certificate, begin, later))
                .isBetween(later.start(), later.end())
                .isEqualTo(Renewal.due(certificate, begin, later));
        Renewal.Window past = new Renewal.Window(begin.minusSeconds(2), begin.minusSeconds(1));
        assertThat(Renewal.due(certificate, begin, past)).isEqualTo(begin.plus(Duration.ofHours(1)));
    }

    @Test
    void pausesGrowFromAMinuteToADayWithSomeSpread() {
        Random random = new Random(1);
        for (int failures = 1; failures < 100; failures++) {
            Duration least = RetryPace.USUAL.after(failures, 0);
            Duration most = RetryPace.USUAL.after(failures, 1);
            assertThat(RetryPace.USUAL.after(failures, random.nextDouble())).isBetween(least, most);
            assertThat(least).isGreaterThanOrEqualTo(Duration.ofSeconds(48));
            assertThat(most).isLessThanOrEqualTo(Duration.ofDays(1));
        }
        assertThat(RetryPace.USUAL.after(3, 0.5)).isEqualTo(Duration.ofMinutes(4));
        assertThat(RetryPace.USUAL.after(20, 0.5)).isEqualTo(Duration.ofDays(1));
    }

    private ServerCertificate lasting(Duration life) throws Exception {
        KeyPair key = X509Writer.newKey();
        X509Writer.Draft draft = new X509Writer.Draft(List.of("a.test"), "a.test", begin, begin.plus(life));
        return new ServerCertificate(
                List.of(X509Writer.certificate(draft, key.getPublic(), key.getPrivate())), key.getPrivate());
    }
}
