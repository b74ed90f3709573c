package marina.webapp;

import marina.config.EeLevel;
import org.eclipse.jetty.server.Handler;

/** A WAR that runs in this JVM. Thread-safe. */
public final class HostedWar {

    HostedWar() {}

    /** Answers its requests; a request outside its context path is not handled. */
    public Handler handler() {
        throw new UnsupportedOperationException();
    }

    /** The level that it is hosted with. */
    public EeLevel level() {
        throw new UnsupportedOperationException();
    }

    /** Stops it, closes its pool, drops its class loader; blocks. Stopping twice does nothing. */
    public void stop() {
        throw new UnsupportedOperationException();
    }
}
