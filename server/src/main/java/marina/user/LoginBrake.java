package marina.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Locks the login of a user from an address for a while, after some wrong passwords in a row: not that of the user from
 * elsewhere, so that nobody can lock others out. Thread-safe.
 */
public final class LoginBrake {
    /** How many wrong passwords lock. */
    public static final int MOST_FAILURES = 5;

    /** For how long, from the last wrong one on. */
    public static final Duration LOCK = Duration.ofMinutes(5);

    private static final int MOST_PAIRS = 100_000;

    private final Cache<String, AtomicInteger> failures = Caffeine.newBuilder()
            .maximumSize(MOST_PAIRS)
            .expireAfterAccess(LOCK)
            .build();

    /** Whether the user is locked at that address. Asking prolongs the lock. */
    public boolean isLocked(String user, String address) {
        AtomicInteger count = failures.getIfPresent(key(user, address));
        return count != null && count.get() >= MOST_FAILURES;
    }

    /** A wrong password was shown. */
    public void failed(String user, String address) {
        failures.asMap()
                .computeIfAbsent(key(user, address), pair -> new AtomicInteger())
                .incrementAndGet();
    }

    /** The right one was shown. */
    public void succeeded(String user, String address) {
        failures.invalidate(key(user, address));
    }

    private static String key(String user, String address) {
        boolean named = address.indexOf(':') < 0 && !address.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        try {
            return (named ? address : Clients.key(InetAddress.getByName(address))) + " " + user;
        } catch (UnknownHostException e) {
            return address + " " + user;
        }
    }
}
