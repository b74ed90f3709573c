package marina.context;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.server.Request;

/**
 * What requests need that wait for something: a start, or their turn. Thread-safe.
 *
 * @param scheduler for deadlines
 * @param executor goes on with a request that has waited
 * @param pages answers those that waited in vain
 * @param reroute answers a request whose context was replaced while it waited, by looking its path up again
 */
record Parking(ScheduledExecutorService scheduler, Executor executor, StatusPages pages, Request.Handler reroute) {

    /** Goes on with a request, on a thread of the server. */
    void resume(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            task.run(); // the pool is stopping; the answer is written by this thread then
        }
    }
}
