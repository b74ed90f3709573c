package marina.proxy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The rest of a request that has been answered already. It may go on as long as it moves; then it is cut off. Otherwise an
 * exchange whose answer the client has would last until the backend's connection is idle for too long: when the backend reads
 * no more, or when Jetty resets a stream of HTTP/2 because its body is longer than it said, which it tells nobody. Several
 * looks in a row have to find it still: a slow backend may take its time for what the system holds, and a look after a pause
 * of this JVM says nothing.
 */
final class UploadAfterAnswer {
    private static final long LOOK_SECONDS = 2;
    private static final int STILL_LOOKS = 4;

    private final Scheduler scheduler;
    private final ClientBody body;
    private final CompletableFuture<Void> exchange;
    private final Consumer<Throwable> stop;

    private UploadAfterAnswer(
            Scheduler scheduler, ClientBody body, CompletableFuture<Void> exchange, Consumer<Throwable> stop) {
        this.scheduler = scheduler;
        this.body = body;
        this.exchange = exchange;
        this.stop = stop;
    }

    /**
     * Looks until the exchange is over.
     *
     * @param stop told when nothing has moved for some looks
     */
    static void watch(
            Scheduler scheduler, ClientBody body, CompletableFuture<Void> exchange, Consumer<Throwable> stop) {
        new UploadAfterAnswer(scheduler, body, exchange, stop).lookAgain(0);
    }

    private void lookAgain(int still) {
        ClientBody.Progress before = body.progress();
        scheduler.schedule(() -> look(before, still), LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look(ClientBody.Progress before, int still) {
        if (exchange.isDone()) {
            return;
        }
        if (!body.progress().equals(before)) {
            lookAgain(0);
        } else if (still + 1 < STILL_LOOKS) {
            lookAgain(still + 1);
        } else {
            stop.accept(new IOException("the request did not go on after its answer was complete"));
        }
    }
}
