package marina.server;

import java.time.Duration;
import java.time.Instant;

/** How near a certificate is to its end. */
enum CertificateAge {
    /** More than a month is left. */
    FINE,
    /** 30 days or less. */
    MONTH_LEFT,
    /** 7 days or less. */
    WEEK_LEFT,
    /** Clients refuse it. */
    EXPIRED;

    static CertificateAge of(Instant end, Instant now) {
        if (!now.isBefore(end)) {
            return EXPIRED;
        }
        Duration left = Duration.between(now, end);
        if (left.compareTo(Duration.ofDays(7)) <= 0) {
            return WEEK_LEFT;
        }
        return left.compareTo(Duration.ofDays(30)) <= 0 ? MONTH_LEFT : FINE;
    }
}
