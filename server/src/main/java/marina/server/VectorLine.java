package marina.server;

import marina.config.VectorConfig;
import marina.context.ContextLogs;
import marina.vector.LineShipper;
import marina.vector.ShippingStatus;
import org.jspecify.annotations.Nullable;

/** The way of log lines to Vector from start to stop, if there is one. */
final class VectorLine implements AutoCloseable {
    private final VectorConfig config;
    private final @Nullable LineShipper shipper;

    private VectorLine(VectorConfig config) {
        this.config = config;
        this.shipper = config.enabled() ? new LineShipper(config.socket(), config.queue()) : null;
    }

    static VectorLine of(VectorConfig config) {
        return new VectorLine(config);
    }

    /** What requests are told to; null for nobody. */
    @Nullable
    VectorFeed feed() {
        return shipper == null ? null : new VectorFeed(shipper);
    }

    /** What the output of programs is told to. */
    ContextLogs.Copy copy() {
        VectorFeed feed = feed();
        return feed == null ? ContextLogs.Copy.NONE : feed::output;
    }

    /** Begins to send; before the services start, one of which may be Vector. */
    void start() {
        if (shipper != null) {
            shipper.start();
        }
    }

    /** A Vector that was killed has left its socket, in whose place the next one could not listen. */
    void beforeStart(String service) {
        if (config.isStarted() && service.equals(VectorConfig.SERVICE)) {
            LineShipper.removeLeftover(config.socket());
        }
    }

    /** How lines get there; null when they do not. */
    @Nullable
    ShippingStatus status() {
        return shipper == null ? null : shipper.status();
    }

    void show(Jmx jmx) {
        if (shipper != null) {
            jmx.register(new VectorBean(shipper));
        }
    }

    @Override
    public void close() {
        if (shipper != null) {
            shipper.close();
        }
    }
}
