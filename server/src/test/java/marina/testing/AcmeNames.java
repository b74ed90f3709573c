package marina.testing;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Where names lead to, in place of the DNS. Thread-safe. */
final class AcmeNames {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int NOBODY = 1;

    private final Map<String, Integer> ports = new HashMap<>();

    synchronized void put(String domain, int port) {
        ports.put(domain, port);
        notifyAll();
    }

    /** Waits for a test that starts its server first and then knows the port. */
    synchronized int port(String domain) {
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!ports.containsKey(domain) && System.nanoTime() < end) {
                wait(PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ports.getOrDefault(domain, NOBODY);
    }
}
