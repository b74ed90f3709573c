package marina.session;

import java.util.Map;
import org.eclipse.jetty.session.SessionData;
import org.jspecify.annotations.Nullable;

/** A session in memory that knows what of it is kept. Guarded by the session's lock, as all session data is. */
final class StoredSession extends SessionData {
    private static final long serialVersionUID = 1L;

    private transient Map<String, String> digests = Map.of();
    private transient @Nullable String stamp;
    private transient long keptLife;
    private transient boolean restored;

    StoredSession(SessionRecord.Head head, String contextPath) {
        super(head.id(), contextPath, "", head.created(), head.accessed(), head.lastAccessed(), head.maxInactive());
        setCookieSet(head.cookieSet());
        setExpiry(head.expiry());
    }

    SessionRecord.Head head() {
        return new SessionRecord.Head(
                getId(),
                getExpiry(),
                getCreated(),
                getAccessed(),
                getLastAccessed(),
                getCookieSet(),
                getMaxInactiveMs());
    }

    /** Digests of the attributes as this generation of the application last read or wrote them. */
    Map<String, String> digests() {
        return digests;
    }

    /** Whether what this generation last read or wrote is no longer what the session is; its times aside. */
    boolean hasChanged(Map<String, String> newDigests) {
        return keptLife != getMaxInactiveMs() || !digests.equals(newDigests);
    }

    /** The stamp of what this generation last read or wrote; null when it is not kept yet. */
    @Nullable
    String stamp() {
        return stamp;
    }

    /** What it now has in common with what is kept. */
    void kept(String newStamp, Map<String, String> newDigests, long time) {
        stamp = newStamp;
        digests = newDigests;
        keptLife = getMaxInactiveMs();
        setLastSaved(time);
        clean();
    }

    /** Has just come back into memory. */
    void restored() {
        restored = true;
    }

    /** Whether the application has yet to be told that it came back; true once. */
    boolean takeRestored() {
        boolean was = restored;
        restored = false;
        return was;
    }

    /** Under another id nothing is kept yet. */
    @Override
    public void setId(String id) {
        super.setId(id);
        stamp = null;
        digests = Map.of();
    }
}
