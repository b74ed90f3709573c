package marina.backend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Hands out free TCP ports of 127.0.0.1, each to one at a time within this JVM. One that has been given back rests for two
 * minutes: longer than connections to its last process are kept, and than the system remembers them (TIME_WAIT), so that
 * nothing that was meant for one application reaches the next. Thread-safe.
 *
 * <p>The system chooses among those that nobody is bound to, of the ephemeral range: there is no list of ports to configure,
 * what another Marina or an orphan listens on is never chosen, and Linux gives outgoing connections other ports of that range
 * first. Between the hand-out and the moment when the application listens another program may still take it; who starts the
 * application must look.
 */
public final class PortAllocator {
    /** How long a port rests. */
    static final Duration REST = Duration.ofMinutes(2);

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int TRIES = 100;

    private final LongSupplier nanoClock;
    private final Set<Integer> taken = new HashSet<>(); // guarded by this

    /** Port to the time when it was given back, the oldest first. Guarded by this. */
    private final Map<Integer, Long> resting = new LinkedHashMap<>();

    /** With all ports free. */
    public PortAllocator() {
        this(System::nanoTime);
    }

    PortAllocator(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * A port that nobody has.
     *
     * @throws StartFailedException when there is none
     */
    public int take() {
        for (int i = 0; i < TRIES; i++) {
            int port = free();
            if (reserve(port)) {
                return port;
            }
        }
        throw new StartFailedException("no free port on 127.0.0.1; too many applications run on this machine, or start"
                + " and stop too often; let them use ${socket} instead of ${port}");
    }

    /** Gives a port back; its process has ended. */
    public synchronized void release(int port) {
        if (taken.remove(port)) {
            resting.put(port, nanoClock.getAsLong());
        }
    }

    private synchronized boolean reserve(int port) {
        long now = nanoClock.getAsLong();
        Iterator<Long> oldest = resting.values().iterator();
        while (oldest.hasNext() && now - oldest.next() >= REST.toNanos()) {
            oldest.remove();
        }
        return !resting.containsKey(port) && taken.add(port);
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartFailedException("no free port on 127.0.0.1: " + e.getMessage());
        }
    }
}
