package marina.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads for all that is not a request: starts and stops of applications, and deadlines. Apart from Jetty's pool, so
 * that a server that stops can still wait for its applications. Thread-safe.
 *
 * @param executor for work that may block; grows as needed, its threads leave when idle
 * @param scheduler for deadlines and polling; its tasks are short
 */
record Workers(ExecutorService executor, ScheduledThreadPoolExecutor scheduler) implements AutoCloseable {

    static Workers create() {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named("marina-scheduler"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new Workers(Executors.newCachedThreadPool(named("marina-worker")), scheduler);
    }

    /** Ends the threads; waits a little for work that is under way. */
    @Override
    public void close() {
        scheduler.shutdown();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
