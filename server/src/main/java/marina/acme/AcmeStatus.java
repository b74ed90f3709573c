package marina.acme;

import java.time.Instant;
import java.util.List;

/**
 * How a certificate that Marina orders itself is doing.
 *
 * @param domains whom it is for
 * @param hasCertificate whether the authority's certificate for these very names is shown, rather than a placeholder
 * @param lastAttempt when it was last ordered in this run; {@link Instant#MIN} for never
 * @param problem why the last order failed; empty when it did not
 * @param next when it is ordered or looked after next; {@link Instant#MAX} when nothing is planned
 */
public record AcmeStatus(
        List<String> domains, boolean hasCertificate, Instant lastAttempt, String problem, Instant next) {
    /** Copies its list. */
    public AcmeStatus {
        domains = List.copyOf(domains);
    }

    /** One line for an operator. */
    public String describe() {
        String state = hasCertificate ? "certificate of the authority" : "no certificate of the authority yet";
        return String.join(" ", domains) + ": " + state
                + (lastAttempt.equals(Instant.MIN) ? "" : ", last attempt " + lastAttempt)
                + (problem.isEmpty() ? "" : ", last problem: " + problem)
                + (next.equals(Instant.MAX) ? "" : ", next try or look " + next);
    }
}
