package marina.session;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.util.thread.AutoLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one generation of an application that are in memory. Jetty forgets a session at the stop even when its
 * last request is about to leave it; that sets its timer anew, and the timer would hold the classes of the application
 * until the session times out. Thread-safe.
 */
final class LiveSessions extends DefaultSessionCache {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);
    private static final int ATTEMPTS = 3;

    private final String name;
    private final ConcurrentMap<String, ManagedSession> sessions;
    private final @Nullable SessionStore store;
    private final SessionSweep sweep;
    private volatile boolean stopped;
    private volatile boolean gone;

    /**
     * Sessions of an application that starts.
     *
     * @param name of the version of the context
     * @param store where they are kept; null for memory alone
     */
    LiveSessions(SessionManager manager, String name, @Nullable SessionStore store, SessionSweep sweep) {
        this(name, manager, store, sweep, new ConcurrentHashMap<>());
    }

    private LiveSessions(
            String name,
            SessionManager manager,
            @Nullable SessionStore store,
            SessionSweep sweep,
            ConcurrentMap<String, ManagedSession> sessions) {
        super(manager, sessions);
        this.name = name;
        this.sessions = sessions;
        this.store = store;
        this.sweep = sweep;
        setSessionDataStore(store == null ? new NullSessionDataStore() : store);
        setFlushOnResponseCommit(true);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sweep.add(this);
    }

    @Override
    protected void doStop() throws Exception {
        sweep.remove(this);
        super.doStop();
    }

    /** Which version of which context it is. */
    String name() {
        return name;
    }

    /** Whether a session has not ended; empty when it is not in memory. At a glance, without its lock. */
    Optional<Boolean> lives(String id) {
        ManagedSession session = sessions.get(id);
        return session == null ? Optional.empty() : Optional.of(lives(session, System.currentTimeMillis()));
    }

    /** How many sessions have not ended; counts no further than this. At a glance. */
    long living(long most) {
        long now = System.currentTimeMillis();
        return sessions.values().stream()
                .filter(session -> lives(session, now))
                .limit(most)
                .count();
    }

    /** For how long nobody has used each of those that have not ended. */
    List<Duration> idle() {
        long now = System.currentTimeMillis();
        return sessions.values().stream()
                .filter(session -> lives(session, now))
                .map(session -> Duration.ofMillis(
                        Math.max(0, now - session.getSessionData().getAccessed())))
                .toList();
    }

    /** How long a session lasts without use; zero or less for ever. */
    Duration timeout() {
        return Duration.ofSeconds(getSessionManager().getMaxInactiveInterval());
    }

    /** Ends those that nobody has used for so long; runs code of the application. */
    int end(Duration idle) {
        Context context = getSessionManager().getContext();
        if (stopped || context == null) {
            return 0;
        }
        int[] ended = new int[1];
        context.run(() -> {
            long before = System.currentTimeMillis() - idle.toMillis();
            for (ManagedSession session : List.copyOf(sessions.values())) {
                if (session.getSessionData().getAccessed() <= before && end(session)) {
                    ended[0]++;
                }
            }
        });
        return ended[0];
    }

    private boolean end(ManagedSession session) {
        try {
            session.invalidate();
            return true;
        } catch (IllegalStateException e) {
            return false; // somebody else has just ended it
        }
    }

    private static boolean lives(ManagedSession session, long now) {
        long expiry = session.getSessionData().getExpiry();
        return expiry <= 0 || expiry > now;
    }

    /** Ends the sessions whose time has come; may run code of the application. */
    void expire() {
        Context context = getSessionManager().getContext();
        if (!stopped && context != null) {
            context.run(() -> {
                try {
                    getSessionManager().scavenge();
                } catch (Exception e) {
                    LOG.warn("Sessions of {} could not be ended", context.getContextPath(), e);
                }
            });
        }
    }

    @Override
    protected @Nullable ManagedSession getAndEnter(String id, boolean enter) throws Exception {
        ManagedSession session = null;
        for (int i = 0; session == null && i < ATTEMPTS; i++) {
            boolean forgotten = forgetOutdated(id);
            session = super.getAndEnter(id, enter);
            if (session == null && !forgotten && !sessions.containsKey(id)) {
                return null;
            }
        }
        if (session != null && session.getSessionData() instanceof StoredSession stored) {
            tellReturn(session, stored);
        }
        return session;
    }

    /** Another generation may have changed the session, or ended it; then it is read anew. */
    private boolean forgetOutdated(String id) throws IOException {
        ManagedSession session = sessions.get(id);
        if (session == null || store == null || stopped) {
            return false;
        }
        AutoLock lock = session.lock();
        try {
            if (session.getRequests() > 0 || !store.isOutdated(session.getSessionData())) {
                return false;
            }
            doDelete(id);
            session.setResident(false);
            return true;
        } finally {
            lock.close();
        }
    }

    private static void tellReturn(ManagedSession session, StoredSession stored) {
        AutoLock lock = session.lock();
        try {
            if (stored.takeRestored()) {
                session.onSessionActivation();
            }
        } catch (RuntimeException e) {
            LOG.warn("An attribute of a session failed in sessionDidActivate", e);
        } finally {
            lock.close();
        }
    }

    @Override
    public Set<String> checkExpiration(Set<String> candidates) {
        Set<String> found = super.checkExpiration(candidates);
        Set<String> expired = new HashSet<>(found == null ? Collections.emptySet() : found);
        long now = System.currentTimeMillis();
        // What is kept may be older than what is in memory.
        expired.removeIf(id -> isInUse(id, now));
        candidates.stream().filter(id -> !expired.contains(id)).forEach(id -> forgetEnded(id, now));
        return expired;
    }

    private boolean isInUse(String id, long now) {
        ManagedSession session = sessions.get(id);
        return session != null && !session.isExpiredAt(now);
    }

    /** It goes on in another generation. */
    private void forgetEnded(String id, long now) {
        ManagedSession session = sessions.get(id);
        if (session == null) {
            return;
        }
        AutoLock lock = session.lock();
        try {
            if (session.getRequests() <= 0 && session.isExpiredAt(now)) {
                doDelete(id);
                session.setResident(false);
            }
        } finally {
            lock.close();
        }
    }

    @Override
    public void shutdown() {
        stopped = true;
        sweep.remove(this);
        if (store != null) {
            store.close();
            List.copyOf(sessions.values()).forEach(LiveSessions::tellDeparture);
        }
        super.shutdown();
        gone = true;
        // A request that ended just before has put its session back.
        super.shutdown();
    }

    private static void tellDeparture(ManagedSession session) {
        AutoLock lock = session.lock();
        try {
            if (session.isValid()) {
                session.onSessionPassivation();
            }
        } catch (RuntimeException e) {
            LOG.warn("An attribute of a session failed in sessionWillPassivate", e);
        } finally {
            lock.close();
        }
    }

    @Override
    public void release(ManagedSession session) throws Exception {
        try {
            if (!stopped) {
                super.release(session);
            } else if (gone && store != null && session.isValid()) {
                // The stop did not wait for this request.
                store.store(session.getId(), session.getSessionData());
            }
        } finally {
            if (gone) {
                doDelete(session.getId());
                // Takes the timer out of the server's scheduler.
                session.setResident(false);
            }
        }
    }
}
