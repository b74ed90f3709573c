package marina.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that has started this process and wants to be told of it: systemd, by the protocol of sd_notify(3). The
 * messages are datagrams, which the JDK cannot send on Unix sockets; hence the C library. Thread-safe.
 */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;
    private static final int LONGEST_NAME = 107; // sun_path of sockaddr_un in unix(7), with a zero byte behind it

    private final LibC libc;
    private final byte[] address;
    private final Optional<Duration> watchdog;

    private Supervisor(LibC libc, byte[] address, Optional<Duration> watchdog) {
        this.libc = libc;
        this.address = address.clone();
        this.watchdog = watchdog;
    }

    /**
     * The one that the environment names; empty when nobody wants to be told, or cannot be.
     *
     * @param environment NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID as systemd sets them
     */
    public static Optional<Supervisor> of(Map<String, String> environment) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        byte[] name = socket.getBytes(StandardCharsets.UTF_8);
        boolean known = name[0] == '/' || name[0] == '@';
        if (!known
                || name.length > LONGEST_NAME
                || !System.getProperty("os.name", "").equals("Linux")) {
            LOG.warn(
                    "The service manager is told nothing: NOTIFY_SOCKET \"{}\" is no Unix socket that can be used",
                    socket);
            return Optional.empty();
        }
        try {
            LibC libc = Native.load("c", LibC.class);
            return Optional.of(new Supervisor(libc, address(name), watchdog(environment)));
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            LOG.warn("The service manager is told nothing: {}", e.toString());
            return Optional.empty();
        }
    }

    /** How often it wants to hear {@code WATCHDOG=1}, at the least; empty when it does not watch this process. */
    public Optional<Duration> watchdog() {
        return watchdog;
    }

    /**
     * Tells it, at once; a failure is logged and nothing else.
     *
     * @param assignments lines such as {@code READY=1}
     */
    public void tell(String... assignments) {
        byte[] message = String.join("\n", assignments).getBytes(StandardCharsets.UTF_8);
        int socket = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (socket < 0) {
            LOG.warn(
                    "The service manager was not told {}: error {} of the system",
                    assignments[0],
                    Native.getLastError());
            return;
        }
        if (libc.sendto(socket, message, message.length, MSG_NOSIGNAL, address, address.length) < 0) {
            LOG.warn(
                    "The service manager was not told {}: error {} of the system",
                    assignments[0],
                    Native.getLastError());
        }
        int unused = libc.close(socket);
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) {
        String own = Long.toString(ProcessHandle.current().pid());
        if (!environment.getOrDefault("WATCHDOG_PID", own).equals(own)) {
            return Optional.empty(); // meant for another process, which has passed its environment on
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 0 ? Optional.of(Duration.ofNanos(Math.multiplyExact(micros, 1000L))) : Optional.empty();
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** A sockaddr_un: the family, the name; one in the abstract name space begins with a zero byte in place of the @. */
    private static byte[] address(byte[] name) {
        byte[] result = new byte[FAMILY_BYTES + name.length];
        boolean littleEndian = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        result[littleEndian ? 0 : 1] = AF_UNIX;
        System.arraycopy(name, 0, result, FAMILY_BYTES, name.length);
        if (name[0] == '@') {
            result[FAMILY_BYTES] = 0;
        }
        return result;
    }

    /** The part of the C library that is needed. */
    interface LibC extends Library {
        /** See {@code socket(2)}. */
        int socket(int domain, int type, int protocol);

        /** See {@code sendto(2)}. */
        long sendto(int socket, byte[] message, long length, int flags, byte[] address, int addressLength);

        /** See {@code close(2)}. */
        int close(int descriptor);
    }
}
