package marina.session;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.session.HouseKeeper;
import org.eclipse.jetty.session.SessionIdManager;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ids of one application's sessions. Jetty's own are shared by all applications of a server, so that the end of a
 * session here would end one there. An id is 128 random bits,
 * with the version of the application behind them, and is never taken from a request. Thread-safe.
 */
final class SessionIds extends AbstractLifeCycle implements SessionIdManager {
    private static final Logger LOG = LoggerFactory.getLogger(SessionIds.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private final SessionManager manager;
    private final String tag;

    /** Never started: it tells the manager that somebody ends sessions, which {@link SessionSweep} does. */
    private HouseKeeper houseKeeper = new HouseKeeper();

    /**
     * Ids.
     *
     * @param version of the application; empty for none
     */
    SessionIds(SessionManager manager, String version) {
        this.manager = manager;
        this.tag = VersionTag.of(version);
    }

    @Override
    public boolean isIdInUse(@Nullable String id) {
        try {
            return id != null && manager.isIdInUse(id);
        } catch (Exception e) {
            LOG.warn("Cannot look up a session", e);
            return false;
        }
    }

    @Override
    public void expireAll(String id) {
        invalidateAll(id);
    }

    @Override
    public void invalidateAll(String id) {
        try {
            manager.invalidate(id);
        } catch (Exception e) {
            LOG.warn("Cannot end a session", e);
        }
    }

    @Override
    public void scavenge() {
        try {
            manager.scavenge();
        } catch (Exception e) {
            LOG.warn("Cannot end sessions", e);
        }
    }

    @Override
    public String newSessionId(Request request, @Nullable String requested, long created) {
        return newId();
    }

    private String newId() {
        byte[] id = new byte[BYTES];
        RANDOM.nextBytes(id);
        return HexFormat.of().withUpperCase().formatHex(id) + tag;
    }

    @Override
    public String renewSessionId(String oldId, String oldExtendedId, Request request) {
        String id = newId();
        try {
            manager.renewSessionId(oldId, oldExtendedId, id, id);
        } catch (Exception e) {
            LOG.warn("Cannot give a session another id", e);
        }
        return id;
    }

    @Override
    public String getId(String extendedId) {
        return extendedId;
    }

    @Override
    public String getExtendedId(String id, @Nullable Request request) {
        return id;
    }

    @Override
    public String getWorkerName() {
        return "";
    }

    @Override
    public void setSessionHouseKeeper(HouseKeeper other) {
        houseKeeper = other;
    }

    @Override
    public HouseKeeper getSessionHouseKeeper() {
        return houseKeeper;
    }
}
