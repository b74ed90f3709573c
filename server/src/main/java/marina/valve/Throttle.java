package marina.valve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Slows down those who guess passwords: after some failures an address has to wait for the rest of a minute. IPv6 addresses
 * count by their first 64 bits, since that is what one client has. Thread-safe.
 */
final class Throttle {
    /** From the first failure on. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    static final int MOST_FAILURES = 10;

    private static final int MOST_ADDRESSES = 100_000;

    private final Cache<Long, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterWrite(WINDOW)
            .build();

    /** Whether an address has to wait. */
    boolean blocks(String address) {
        AtomicInteger count = failures.getIfPresent(client(address));
        return count != null && count.get() >= MOST_FAILURES;
    }

    /** A wrong password came from there. */
    void failed(String address) {
        failures.asMap()
                .computeIfAbsent(client(address), client -> new AtomicInteger())
                .incrementAndGet();
    }

    /** The number of its client; what is no address, a Unix socket, counts as one client. */
    private static long client(String address) {
        if (address.indexOf(':') < 0 && !address.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            return 0; // before anybody looks a name up
        }
        try {
            return Clients.key(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return 0;
        }
    }
}
