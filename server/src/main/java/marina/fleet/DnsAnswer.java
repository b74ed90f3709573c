package marina.fleet;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a question to DNS.
 *
 * @param kind whether there was an answer
 * @param texts of TXT records, each put together from its pieces
 * @param addresses of A and AAAA records
 * @param ttl how long it holds
 * @param stale whether that time is over
 */
record DnsAnswer(Kind kind, List<String> texts, List<InetAddress> addresses, Duration ttl, boolean stale) {

    /** How long a failure is believed, so that a dead server is not asked with every request. */
    private static final Duration FAILURE = Duration.ofSeconds(1);

    static final DnsAnswer FAILED = new DnsAnswer(Kind.FAILED, List.of(), List.of(), FAILURE, false);

    /** Whether there was an answer. */
    enum Kind {
        /** There are records. */
        FOUND,
        /** There are none: NXDOMAIN, no records of this type, or empty ones. */
        NONE,
        /** Nobody knows: SERVFAIL, no answer in time, nonsense. */
        FAILED
    }

    DnsAnswer {
        texts = List.copyOf(texts);
        addresses = List.copyOf(addresses);
    }

    static DnsAnswer none(Duration ttl) {
        return new DnsAnswer(Kind.NONE, List.of(), List.of(), ttl, false);
    }

    boolean isFound() {
        return kind == Kind.FOUND;
    }

    DnsAnswer asStale() {
        return new DnsAnswer(kind, texts, addresses, ttl, true);
    }

    /** Two answers about the same name in one: found when one of them is, a failure rather than none. */
    DnsAnswer and(DnsAnswer other) {
        if (isFound() && other.isFound()) {
            List<InetAddress> all = new ArrayList<>(addresses);
            other.addresses.stream().filter(address -> !all.contains(address)).forEach(all::add);
            Duration sooner = ttl.compareTo(other.ttl) < 0 ? ttl : other.ttl;
            return new DnsAnswer(Kind.FOUND, texts, all, sooner, stale || other.stale);
        }
        if (isFound() || other.isFound()) {
            return isFound() ? this : other;
        }
        DnsAnswer lesser = kind == Kind.FAILED ? this : other;
        return stale ? lesser.asStale() : lesser;
    }
}
