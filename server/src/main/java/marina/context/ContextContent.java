package marina.context;

import java.util.Optional;
import marina.backend.Startable;
import marina.config.ContextConfig;
import marina.upstream.Pool;
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

    /**
     * Content that has the same application answer, by another configuration of the same application: this one goes out of use
     * without being retired.
     *
     * @return empty when there is nothing that would have to go on
     */
    default Optional<ContextContent> with(ContextConfig config) {
        return Optional.empty();
    }

    /** The members that share its requests; empty when it is no pool. */
    default Optional<Pool> pool() {
        return Optional.empty();
    }

    /** What is started, stopped and retired with it. */
    Startable application();
}
