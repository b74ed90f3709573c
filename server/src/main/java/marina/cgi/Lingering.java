package marina.cgi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Callback;

/**
 * The end of a request whose body may still be coming: it must not be completed before that, or the client may lose its answer with
 * the connection.
 */
final class Lingering implements Callback {
    /** How long a client may go on sending what nobody wants any more, so that it comes to read its answer. */
    private static final long LINGER_MILLIS = 2_000;

    private final Callback callback;
    private final RequestBody body;
    private final ScheduledExecutorService scheduler;
    private final CompletableFuture<Void> answered = new CompletableFuture<>();

    Lingering(Callback callback, RequestBody body, ScheduledExecutorService scheduler) {
        this.callback = callback;
        this.body = body;
        this.scheduler = scheduler;
    }

    /** Completes behind the callback. */
    CompletableFuture<Void> answered() {
        return answered;
    }

    @Override
    public void succeeded() {
        CompletableFuture<Void> rest = body.rest();
        if (!rest.isDone()) {
            limit(rest);
        }
        var unused = rest.whenComplete((over, failure) -> {
            try {
                if (failure == null) {
                    callback.succeeded();
                } else {
                    callback.failed(failure);
                }
            } finally {
                answered.complete(null);
            }
        });
    }

    @Override
    public void failed(Throwable failure) {
        try {
            callback.failed(failure);
        } finally {
            answered.complete(null);
        }
    }

    private void limit(CompletableFuture<Void> rest) {
        TimeoutException late = new TimeoutException("the body has not come in time");
        try {
            ScheduledFuture<?> deadline =
                    scheduler.schedule(() -> rest.completeExceptionally(late), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            var unused = rest.whenComplete((over, failure) -> deadline.cancel(false));
        } catch (RejectedExecutionException e) {
            rest.completeExceptionally(late); // the server has stopped
        }
    }
}
