package marina.backend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/**
 * Hands out free TCP ports of 127.0.0.1, each to one at a time within this JVM. Between the hand-out and the moment
 * when the application listens another program may take it; who starts the application must look. Thread-safe.
 */
public final class PortAllocator {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int TRIES = 100;

    private final Set<Integer> taken = new HashSet<>(); // guarded by this

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
        throw new StartFailedException("no free port on 127.0.0.1; too many applications run on this machine");
    }

    /** Gives a port back. */
    public synchronized void release(int port) {
        taken.remove(port);
    }

    private synchronized boolean reserve(int port) {
        return taken.add(port);
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
