package marina.valve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
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
    private static final int IPV6_NETWORK_BYTES = 8;

    private final Cache<String, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterWrite(WINDOW)
            .build();

    /** Whether an address has to wait. */
    boolean blocks(String address) {
        AtomicInteger count = failures.getIfPresent(network(address));
        return count != null && count.get() >= MOST_FAILURES;
    }

    /** A wrong password came from there. */
    void failed(String address) {
        failures.asMap()
                .computeIfAbsent(network(address), network -> new AtomicInteger())
                .incrementAndGet();
    }

    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // Never a look-up: with a colon in it, it is no name.
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, IPV6_NETWORK_BYTES));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
