package marina.server;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the system which sockets have a peer that will not say anything more: it has closed the connection, or its half of it,
 * or is gone. Reads nothing from them, so that what the peer said before stays there for whoever reads. Linux only, since only
 * there poll(2) tells the end of what can be read from something to read (POLLRDHUP). Thread-safe.
 */
final class Hangups {
    private static final Logger LOG = LoggerFactory.getLogger(Hangups.class);

    private static final short POLLERR = 0x8;
    private static final short POLLHUP = 0x10;
    private static final short POLLRDHUP = 0x2000;

    /** Of {@code struct pollfd}: a descriptor, what is asked for, and what there is. */
    private static final int ENTRY = Integer.BYTES + 2 * Short.BYTES;

    private static final int ANSWER = Integer.BYTES + Short.BYTES;

    /** Not more than a process may have open at least, because poll(2) refuses that. */
    private static final int AT_ONCE = 256;

    private final LibC libc;
    private final MethodHandle descriptor;

    private Hangups(LibC libc, MethodHandle descriptor) {
        this.libc = libc;
        this.descriptor = descriptor;
    }

    /** What this system and this JVM can do; empty, with a word in the log, when that is not enough. */
    static Optional<Hangups> ofSystem() {
        if (!Platform.isLinux()) {
            LOG.info("Clients that leave before their answer begins are noticed late: this system is not Linux");
            return Optional.empty();
        }
        try {
            return Optional.of(new Hangups(Native.load("c", LibC.class), descriptor()));
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ReflectiveOperationException e) {
            LOG.warn(
                    "Clients that leave before their answer begins are noticed late. Is --add-exports"
                            + " java.base/sun.nio.ch=ALL-UNNAMED missing, or java.io.tmpdir mounted noexec? {}",
                    e.toString());
            return Optional.empty();
        }
    }

    private static MethodHandle descriptor() throws ReflectiveOperationException {
        Class<?> holder = Class.forName("sun.nio.ch.SelChImpl");
        return MethodHandles.lookup().findVirtual(holder, "getFDVal", MethodType.methodType(int.class));
    }

    /**
     * The positions of those whose peer has hung up. One that is closed meanwhile may be among them; it has no peer either.
     */
    List<Integer> among(List<SocketChannel> sockets) {
        List<Integer> found = new ArrayList<>();
        for (int from = 0; from < sockets.size(); from += AT_ONCE) {
            poll(sockets, from, Math.min(sockets.size(), from + AT_ONCE), found);
        }
        return found;
    }

    private void poll(List<SocketChannel> sockets, int from, int to, List<Integer> found) {
        byte[] entries = new byte[(to - from) * ENTRY];
        ByteBuffer buffer = ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder());
        for (SocketChannel socket : sockets.subList(from, to)) {
            buffer.putInt(descriptor(socket)).putShort(POLLRDHUP).putShort((short) 0);
        }
        if (libc.poll(entries, new NativeLong(to - from, true), 0) <= 0) {
            return; // nobody, or an error that the next look may not have
        }
        for (int i = from; i < to; i++) {
            if ((buffer.getShort((i - from) * ENTRY + ANSWER) & (POLLRDHUP | POLLHUP | POLLERR)) != 0) {
                found.add(i);
            }
        }
    }

    private int descriptor(SocketChannel socket) {
        try {
            return (int) descriptor.invoke(socket);
        } catch (Throwable e) {
            throw new IllegalStateException("no descriptor of " + socket, e);
        }
    }

    /** The part of the C library that is needed. */
    interface LibC extends Library {
        /** See {@code poll(2)}. */
        int poll(byte[] entries, NativeLong count, int timeout);
    }
}
