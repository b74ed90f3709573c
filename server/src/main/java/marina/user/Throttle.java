package marina.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Slows down those who guess passwords: after some failures an address has to wait for the rest of a minute. IPv6 addresses
 * count by their first 64 bits, since that is what one client has. Thread-safe.
 */
final class Throttle {
    /** From the first failure on. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    static final int MOST_FAILURES = 10;

    /** At once: browsers send the same password with several requests, which is one guess. */
    private static final int MOST_GUESSES = 20;

    private static final int MOST_ADDRESSES = 100_000;

    private final Map<Long, Integer> guesses = new ConcurrentHashMap<>();
    private final Cache<Long, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterWrite(WINDOW)
            .build();

    /**
     * A guess of a client is looked into, which takes a while.
     *
     * @return false when so many of it are being looked into that it has to wait; else {@link #end} must follow
     */
    boolean begin(String address) {
        AtomicBoolean begun = new AtomicBoolean(true);
        guesses.merge(client(address), 1, (before, one) -> {
            begun.set(before < MOST_GUESSES);
            return begun.get() ? before + 1 : before;
        });
        return begun.get();
    }

    /** It has been looked into. */
    void end(String address) {
        guesses.computeIfPresent(client(address), (client, before) -> before == 1 ? null : before - 1);
    }

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
