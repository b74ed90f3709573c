package marina.webapp;

import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.eclipse.jetty.session.SessionManager;

/**
 * The sessions of one web application, in memory, gone when it stops. Jetty forgets a session at the stop even when its
 * last request is about to leave it; that sets its timer anew, and the timer would hold the classes of the application
 * until the session times out. Thread-safe.
 */
final class Sessions extends DefaultSessionCache {
    private volatile boolean stopped;

    Sessions(SessionManager manager) {
        super(manager);
        setSessionDataStore(new NullSessionDataStore());
    }

    @Override
    public void shutdown() {
        stopped = true;
        super.shutdown();
    }

    @Override
    public void release(ManagedSession session) throws Exception {
        try {
            if (!stopped) {
                super.release(session);
            }
        } finally {
            if (stopped) {
                // Takes the timer out of the server's scheduler.
                session.setResident(false);
            }
        }
    }
}
