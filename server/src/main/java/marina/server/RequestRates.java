package marina.server;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import marina.config.TrafficLimits.Rate;
import marina.user.Clients;

/**
 * How many requests each client makes: a token bucket per client, kept as the one moment at which it will be full again (the
 * generic cell rate algorithm). A full bucket needs no memory. Thread-safe, without locks.
 */
final class RequestRates {
    /** Clients beyond this many with a bucket that is not full go uncounted. */
    private static final int MOST_CLIENTS = 200_000;

    private final Map<Long, AtomicLong> fullAt = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final long start;

    RequestRates(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /**
     * Takes a token for a request.
     *
     * @return zero when there was one, else how long until there will be
     */
    Duration take(InetAddress address, Rate rate) {
        if (rate.requests() == 0) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong() - start;
        long client = Clients.key(address);
        AtomicLong full = fullAt.get(client);
        if (full == null) {
            if (fullAt.size() >= MOST_CLIENTS) {
                return Duration.ZERO;
            }
            full = fullAt.computeIfAbsent(client, key -> new AtomicLong(now));
        }
        long token = rate.period().toNanos() / rate.requests();
        while (true) {
            long seen = full.get();
            long from = Math.max(seen, now);
            long wait = from - now - (rate.burst() - 1) * token;
            if (wait > 0) {
                return Duration.ofNanos(wait);
            }
            if (full.compareAndSet(seen, from + token)) {
                return Duration.ZERO;
            }
        }
    }

    /** Forgets the clients whose buckets are full. */
    void sweep() {
        long now = nanoTime.getAsLong() - start;
        fullAt.values().removeIf(full -> full.get() <= now);
    }

    /** Clients that are remembered. */
    int clients() {
        return fullAt.size();
    }
}
