package marina.context;

import marina.backend.Startable;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What answers in a mounted context. Thread-safe; none of its methods blocks. */
interface ContextContent {

    /**
     * Answers a request and completes the callback, now or later.
     *
     * @return false, with the response untouched, when this content has been retired and its successor should answer
     */
    boolean handle(Request request, Response response, Callback callback);

    /** Whether upgrades pass through, so that a handshake must not be redirected. */
    boolean forwardsUpgrades();

    /** What is started, stopped and retired with it. */
    Startable application();
}
