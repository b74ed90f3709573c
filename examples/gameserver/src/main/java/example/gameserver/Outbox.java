package example.gameserver;

import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;

/**
 * What is on its way to one player. One message is in flight; behind it wait lines of the chat, which all arrive, and of
 * everything else only the newest. So a slow player misses pictures, delays nobody, and takes no more memory than
 * {@value #WAITING_LINES} lines: who falls behind by more, or takes nothing at all for ten seconds, is sent off. Safe for all
 * threads; adding never waits and never writes, {@link #flush} writes without waiting.
 */
final class Outbox {
    private static final int WAITING_LINES = 64;
    private static final long PATIENCE_MILLIS = 10_000;

    private final Session session;
    private final RemoteEndpoint.Async remote;
    private final Object lock = new Object();
    private final Queue<String> lines = new ArrayDeque<>(); // guarded by lock
    private final Map<Kind, String> newest = new EnumMap<>(Kind.class); // guarded by lock
    private boolean inFlight; // guarded by lock
    private boolean overflowed; // guarded by lock
    private boolean closed; // guarded by lock

    /** What makes an older message of its kind worthless; sent in this order. */
    enum Kind {
        BEAT,
        HINT,
        PLAYERS,
        PICTURE
    }

    Outbox(Session session) {
        this.session = session;
        this.remote = session.getAsyncRemote();
        remote.setSendTimeout(PATIENCE_MILLIS);
    }

    /** Adds what must arrive, in this order. */
    void line(String message) {
        synchronized (lock) {
            overflowed |= lines.size() >= WAITING_LINES;
            if (!overflowed && !closed) {
                lines.add(message);
            }
        }
    }

    /** Adds what replaces the message of the same kind that still waits, if any. */
    void newest(Kind kind, String message) {
        synchronized (lock) {
            if (!closed) {
                newest.put(kind, message);
            }
        }
    }

    /** Sends what waits, as soon as the player has taken what is in flight. */
    void flush() {
        String next = "";
        boolean behind;
        synchronized (lock) {
            behind = overflowed;
            if (!behind && !inFlight && !closed) {
                next = lines.isEmpty() ? takeNewest() : lines.remove();
                inFlight = !next.isEmpty();
            }
        }
        if (behind) {
            close(Farewell.TOO_SLOW);
        } else if (!next.isEmpty()) {
            send(next);
        }
    }

    private void send(String next) {
        try {
            remote.sendText(next, result -> {
                if (result.isOK()) {
                    arrived();
                } else {
                    close(Farewell.TOO_SLOW);
                }
            });
        } catch (IllegalStateException e) {
            close(Farewell.TOO_SLOW); // the connection has been closed meanwhile
        }
    }

    private void arrived() {
        synchronized (lock) {
            inFlight = false;
        }
        flush();
    }

    private String takeNewest() {
        Iterator<String> waiting = newest.values().iterator();
        if (!waiting.hasNext()) {
            return "";
        }
        String next = waiting.next();
        waiting.remove();
        return next;
    }

    /** Forgets what waits and ends the connection; the first reason counts. */
    void close(Farewell farewell) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            lines.clear();
            newest.clear();
        }
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(farewell.status()), farewell.reason()));
        } catch (IOException e) {
            // The other side has gone first.
        }
    }
}
