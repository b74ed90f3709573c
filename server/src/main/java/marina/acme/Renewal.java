package marina.acme;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import marina.tls.ServerCertificate;

/** When a certificate is to be renewed. Pure. */
final class Renewal {
    private static final int PARTS = 1000;

    /** However the authority's proposal reads, a certificate is kept this long. */
    private static final Duration LEAST_USE = Duration.ofHours(1);

    private Renewal() {}

    /**
     * A span in which the authority would like to see the renewal (RFC 9773).
     *
     * @param start its begin
     * @param end its end, not before the begin
     */
    record Window(Instant start, Instant end) {}

    /**
     * By the operator's word: so long before the end, but at most a third of the time for which it is of use here. So a
     * new certificate is never due at once, whatever its dates are.
     *
     * @param arrival when it came here
     */
    static Instant due(ServerCertificate certificate, Instant arrival, Duration renewBefore) {
        Instant begin = certificate.leaf().getNotBefore().toInstant();
        Instant end = certificate.notAfter();
        Instant from = arrival.isBefore(begin) || arrival.isAfter(end) ? begin : arrival;
        Duration third = Duration.between(from, end).dividedBy(3);
        return end.minus(renewBefore.compareTo(third) < 0 ? renewBefore : third);
    }

    /** By the authority's word: some moment in its window, always the same one for the same certificate. */
    static Instant due(ServerCertificate certificate, Instant arrival, Window window) {
        int part = certificate
                .leaf()
                .getSerialNumber()
                .mod(BigInteger.valueOf(PARTS))
                .intValue();
        Duration length = Duration.between(window.start(), window.end());
        Instant chosen = window.start().plus(length.multipliedBy(part).dividedBy(PARTS));
        Instant earliest = arrival.plus(LEAST_USE);
        return chosen.isBefore(earliest) ? earliest : chosen;
    }
}
