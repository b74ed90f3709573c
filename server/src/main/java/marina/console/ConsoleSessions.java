package marina.console;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The logins of browsers, in memory: a restart ends them, and so does a while without use. An id is 256 random bits. Thread-safe.
 */
final class ConsoleSessions {
    private static final int MOST = 1_000;
    private static final int ID_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Supplier<Duration> idle;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    ConsoleSessions(Supplier<Duration> idle) {
        this.idle = idle;
    }

    /** A login. */
    static final class Session {
        private final String id;
        private final String user;
        private final String mark;
        private final String csrf;
        private volatile long used = System.nanoTime();

        private Session(String id, String user, String mark, String csrf) {
            this.id = id;
            this.user = user;
            this.mark = mark;
            this.csrf = csrf;
        }

        String id() {
            return id;
        }

        String user() {
            return user;
        }

        /** What the user's password was known by. */
        String mark() {
            return mark;
        }

        String csrf() {
            return csrf;
        }
    }

    /**
     * Begins one; the one that has rested for longest goes when there are too many.
     *
     * @param mark what the user's password is known by
     */
    Session begin(String user, String mark) {
        sessions.values().removeIf(this::isOver);
        if (sessions.size() >= MOST) {
            sessions.values().stream()
                    .min(Comparator.comparingLong(session -> session.used))
                    .ifPresent(oldest -> sessions.remove(oldest.id));
        }
        Session session = new Session(secret(), user, mark, secret());
        sessions.put(session.id, session);
        return session;
    }

    /** The session with this id, which is used by this. */
    Optional<Session> find(String id) {
        Session session = sessions.get(id);
        if (session == null || isOver(session)) {
            sessions.remove(id);
            return Optional.empty();
        }
        session.used = System.nanoTime();
        return Optional.of(session);
    }

    /** Whether one has not ended; that does not count as a use of it. */
    boolean isAlive(Session session) {
        return sessions.get(session.id) == session && !isOver(session);
    }

    /** Ends one. */
    void end(Session session) {
        sessions.remove(session.id);
    }

    private boolean isOver(Session session) {
        return System.nanoTime() - session.used > idle.get().toNanos();
    }

    private String secret() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
