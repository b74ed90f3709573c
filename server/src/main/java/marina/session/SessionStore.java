package marina.session;

import java.io.IOException;
import java.util.ConcurrentModificationException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.jetty.session.SessionContext;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.SessionDataStore;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sessions of one generation of an application. Before the answer to a request begins, what the request has set
 * is kept; when the request has ended, what has changed inside the attributes is kept as well. The time of the last access
 * alone is kept now and then.
 *
 * <p>At a redeploy two generations use the same shelf. The one that finds a record of the other puts the changes of both
 * together, attribute by attribute; a session that one has ended is not brought back by the other. Thread-safe; the data of
 * a session is guarded by its lock, which Jetty holds when it calls.
 */
final class SessionStore extends AbstractLifeCycle implements SessionDataStore {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStore.class);

    /** The time of the last access may be this old on the shelf; less for sessions that end soon. */
    private static final long TOUCH_MILLIS = 30_000;

    private static final int TOUCHES_PER_LIFE = 20;
    private static final long SCAN_MILLIS = 600_000;

    /** Between looking at the shelf and writing there: two generations in this JVM must not do both at once. */
    private static final Lock[] LOCKS =
            Stream.generate(ReentrantLock::new).limit(64).toArray(Lock[]::new);

    private final SessionShelf shelf;
    private final String contextPath;
    private final SessionProblems problems;
    private volatile boolean closing;
    private volatile long nextScan;

    @SuppressWarnings("NullAway.Init")
    private volatile SessionContext context;

    SessionStore(SessionShelf shelf, String contextPath) {
        this.shelf = shelf;
        this.contextPath = contextPath;
        this.problems = new SessionProblems(contextPath, shelf);
    }

    /** From now on everything is kept, also what is usually put off. */
    void close() {
        closing = true;
    }

    @Override
    public void initialize(SessionContext sessionContext) {
        context = sessionContext;
    }

    @Override
    public SessionData newSessionData(String id, long created, long accessed, long lastAccessed, long maxInactive) {
        SessionData data = new StoredSession(
                new SessionRecord.Head(id, 0, created, accessed, lastAccessed, 0, maxInactive), contextPath);
        data.calcAndSetExpiry();
        return data;
    }

    @Override
    public @Nullable SessionData load(String id) throws Exception {
        Optional<SessionShelf.Kept> kept = shelf.read(id);
        return kept.isEmpty() ? null : inContext(() -> restore(id, kept.get()));
    }

    private @Nullable StoredSession restore(String id, SessionShelf.Kept kept) throws IOException {
        String name = "";
        try {
            SessionRecord record = kept.record();
            if (!record.head().id().equals(id)) {
                throw new IOException("it is the record of another session");
            }
            StoredSession session = new StoredSession(record.head(), contextPath);
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            for (Map.Entry<String, byte[]> attribute : record.attributes().entrySet()) {
                name = attribute.getKey();
                session.setAttribute(name, AttributeCodec.decode(attribute.getValue(), loader));
            }
            session.kept(
                    kept.stamp(),
                    SessionRecord.digests(record.attributes()),
                    Math.max(1, record.head().accessed()));
            session.restored();
            return session;
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError | StackOverflowError e) {
            problems.dropped(name, e);
            shelf.delete(id);
            return null;
        }
    }

    /** Whether somebody else has changed or ended the session since this generation last looked. */
    boolean isOutdated(SessionData data) throws IOException {
        if (!(data instanceof StoredSession session)) {
            return false;
        }
        String known = session.stamp();
        return known != null && !known.equals(shelf.stamp(session.getId()).orElse(""));
    }

    @Override
    public void store(String id, @Nullable SessionData data) throws Exception {
        if (data instanceof StoredSession session) {
            inContext(() -> {
                try {
                    keep(id, session);
                } catch (BusyException e) {
                    LOG.debug("Kept when the other request ends", e);
                } catch (IOException e) {
                    // The request has done its work, and the session goes on in memory.
                    problems.notKept(e);
                }
                return null;
            });
        }
    }

    private void keep(String id, StoredSession session) throws IOException {
        Map<String, byte[]> attributes = encode(session);
        Map<String, String> digests = SessionRecord.digests(attributes);
        boolean isNew = session.stamp() == null;
        boolean changed = isNew ? SessionRecord.hasContent(attributes) : session.hasChanged(digests);
        if (!changed && (isNew || !isTouchDue(session))) {
            session.setDirty(false);
            return;
        }
        Lock lock = LOCKS[Math.floorMod(id.hashCode() + contextPath.hashCode(), LOCKS.length)];
        lock.lock();
        try {
            write(id, session, attributes, digests);
        } finally {
            lock.unlock();
        }
    }

    private void write(String id, StoredSession session, Map<String, byte[]> attributes, Map<String, String> digests)
            throws IOException {
        String known = session.stamp();
        long now = System.currentTimeMillis();
        if (known != null) {
            String found = shelf.stamp(id).orElse("");
            if (found.isEmpty()) {
                // Somebody has logged out, in another generation.
                session.clean();
                return;
            }
            if (!found.equals(known)) {
                merge(id, session, attributes, digests);
                // An unknown stamp: the next request reads what the other generation has contributed.
                session.kept("merged", digests, now);
                return;
            }
        }
        SessionRecord record = new SessionRecord(session.head(), attributes);
        session.kept(shelf.write(id, session.getExpiry(), record.bytes()), digests, now);
    }

    private void merge(String id, StoredSession session, Map<String, byte[]> attributes, Map<String, String> digests)
            throws IOException {
        Optional<SessionShelf.Kept> kept = shelf.read(id);
        if (kept.isEmpty()) {
            return;
        }
        SessionRecord theirs = kept.get().record();
        Map<String, byte[]> all = new LinkedHashMap<>(theirs.attributes());
        Map<String, String> before = session.digests();
        before.keySet().stream().filter(name -> !attributes.containsKey(name)).forEach(all::remove);
        attributes.forEach((name, value) -> {
            if (!String.valueOf(digests.get(name)).equals(before.get(name))) {
                all.put(name, value);
            }
        });
        boolean later = theirs.head().accessed() > session.getAccessed();
        SessionRecord.Head head = later ? theirs.head() : session.head();
        shelf.write(id, head.expiry(), new SessionRecord(head, all).bytes());
    }

    /** How old the time of the last access may be on the shelf, by how long the session may be unused. */
    static long touchMillis(long life) {
        return life <= 0 ? TOUCH_MILLIS : Math.min(TOUCH_MILLIS, life / TOUCHES_PER_LIFE);
    }

    private boolean isTouchDue(StoredSession session) {
        if (!session.isMetaDataDirty()) {
            return false;
        }
        long patience = touchMillis(session.getMaxInactiveMs());
        return closing || System.currentTimeMillis() - session.getLastSaved() >= patience;
    }

    private Map<String, byte[]> encode(StoredSession session) throws BusyException {
        Map<String, byte[]> encoded = new LinkedHashMap<>();
        for (Map.Entry<String, Object> attribute : session.getAllAttributes().entrySet()) {
            try {
                encoded.put(attribute.getKey(), AttributeCodec.encode(attribute.getValue()));
            } catch (ConcurrentModificationException e) {
                throw new BusyException(e);
            } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
                problems.notSerializable(attribute.getKey(), attribute.getValue(), e);
            }
        }
        return encoded;
    }

    @Override
    public boolean delete(String id) throws IOException {
        return shelf.delete(id);
    }

    @Override
    public boolean exists(String id) throws IOException {
        return shelf.stamp(id).isPresent();
    }

    /**
     * Of the candidates, those that have ended in all generations; and now and then those that ended while nobody had them
     * in memory.
     */
    @Override
    public Set<String> getExpired(Set<String> candidates) {
        long now = System.currentTimeMillis();
        Set<String> expired = new HashSet<>();
        try {
            for (String id : candidates) {
                Optional<SessionShelf.Kept> kept = shelf.read(id);
                if (kept.isEmpty() || hasEnded(kept.get(), now)) {
                    expired.add(id);
                }
            }
            if (now >= nextScan) {
                nextScan = now + SCAN_MILLIS;
                expired.addAll(shelf.expired(now));
            }
        } catch (IOException e) {
            problems.notKept(e);
        }
        return expired;
    }

    private static boolean hasEnded(SessionShelf.Kept kept, long time) {
        try {
            long expiry = kept.record().head().expiry();
            return expiry > 0 && expiry <= time;
        } catch (IOException e) {
            LOG.debug("Unreadable, so it has ended", e);
            return true;
        }
    }

    @Override
    protected void doStop() {
        shelf.close();
    }

    /** Jetty would tell the application of each save; {@link LiveSessions} tells it at the stop and after a start. */
    @Override
    public boolean isPassivating() {
        return false;
    }

    /** Another request changes a value just now. */
    private static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException(Throwable cause) {
            super(cause);
        }
    }

    /** Values are written and read with the application's class loader. */
    private <T extends @Nullable Object> T inContext(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        context.run(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
