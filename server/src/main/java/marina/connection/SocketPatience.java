package marina.connection;

import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes Unix sockets behave as TCP does. A server that is slow to accept has TCP's clients wait, but refuses those of its Unix
 * socket (EAGAIN, unix(7)), who try again, a little later each time. A socket file that is not there is a refusal. For one connection
 * that is wanted, and one thread at a time.
 */
public final class SocketPatience {
    private static final long LONGEST_PAUSE_MILLIS = 50;

    private final long begin = System.nanoTime();
    private long pauseMillis = 1;

    /** That of a connection which begins to be wanted now. */
    public SocketPatience() {}

    /** Why there will be no connection; null when a later try may have one. */
    public static @Nullable Throwable finalFailure(@Nullable SocketAddress address, Throwable failure) {
        if (!(address instanceof UnixDomainSocketAddress socket)
                || !(failure instanceof SocketException)
                || failure instanceof ConnectException) {
            return failure;
        }
        return Files.exists(socket.getPath())
                ? null
                : new ConnectException("there is no socket " + socket).initCause(failure);
    }

    /** Whether it has been tried for longer than that. */
    public boolean isOver(Duration limit) {
        return System.nanoTime() - begin > limit.toNanos();
    }

    /** How long to wait for the next try. */
    public long nextPauseMillis() {
        long pause = pauseMillis;
        pauseMillis = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        return pause;
    }
}
