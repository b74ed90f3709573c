package marina.simulator.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A /24 of loopback addresses that this simulator has for itself, so that one port number serves all machines and
 * several simulators may run at once. It is claimed by listening on its last address.
 */
final class Network implements AutoCloseable {

    private static final int CLAIM_PORT = 47_000;
    private static final int TRIES = 50;
    private static final int FIRST_MACHINE = 2;
    private static final int FIRST_FLYCAST = 190;

    private final String prefix;
    private final ServerSocket claim;

    private Network(String prefix, ServerSocket claim) {
        this.prefix = prefix;
        this.claim = claim;
    }

    /** Takes the network that is asked for, or any free one. */
    static Network claim(Optional<String> wanted) {
        IOException last = null;
        for (int i = 0; i < (wanted.isPresent() ? 1 : TRIES); i++) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            String prefix = wanted.orElse("127." + random.nextInt(16, 250) + "." + random.nextInt(1, 250));
            try {
                ServerSocket socket = new ServerSocket();
                socket.bind(new InetSocketAddress(InetAddress.getByName(prefix + ".254"), CLAIM_PORT));
                return new Network(prefix, socket);
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException(
                "the network " + wanted.orElse("127.x.y") + " cannot be used; does another simulator run with it?",
                last == null ? new IOException("no network") : last);
    }

    String machine(int index) {
        return prefix + "." + (FIRST_MACHINE + index);
    }

    String flycast(int index) {
        return prefix + "." + (FIRST_FLYCAST + index);
    }

    String api() {
        return prefix + ".250";
    }

    String dns() {
        return prefix + ".251";
    }

    @Override
    public void close() throws IOException {
        claim.close();
    }
}
