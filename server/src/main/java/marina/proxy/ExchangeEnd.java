package marina.proxy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;

/** Completes the client's callback once, and then the future of the exchange, unless a tunnel takes that over. */
final class ExchangeEnd implements Callback {

    private final Callback callback;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean completed = new AtomicBoolean();

    ExchangeEnd(Callback callback) {
        this.callback = callback;
    }

    /** Completes when the exchange is over, never exceptionally. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void succeeded() {
        if (completed.compareAndSet(false, true)) {
            try {
                callback.succeeded();
            } finally {
                ended.complete(null);
            }
        }
    }

    @Override
    public void failed(Throwable failure) {
        if (completed.compareAndSet(false, true)) {
            try {
                callback.failed(failure);
            } finally {
                ended.complete(null);
            }
        }
    }

    /** The HTTP exchange is over and the connection belongs to a tunnel, whose end is the end of the exchange. */
    void tunnelOpened() {
        if (completed.compareAndSet(false, true)) {
            callback.succeeded();
        }
    }

    void tunnelClosed() {
        ended.complete(null);
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }
}
