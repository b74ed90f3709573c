package marina.backend;

/**
 * A request is in flight: while it is open its instance is not stopped for idleness. Close it exactly when the exchange
 * (an upgraded one included) has ended; closing twice does nothing. Thread-safe.
 *
 * @param <I> what answers
 */
public final class Lease<I extends Instance> implements AutoCloseable {
    private final I instance;
    private final Runnable onClose;
    private final java.util.concurrent.atomic.AtomicBoolean closed = new java.util.concurrent.atomic.AtomicBoolean();

    Lease(I instance, Runnable onClose) {
        this.instance = instance;
        this.onClose = onClose;
    }

    /** What answers the request. */
    public I instance() {
        return instance;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
