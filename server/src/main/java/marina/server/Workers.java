package marina.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import marina.leak.LeakGuard;
import marina.leak.TidyQueue;
import marina.worker.Relief;
import marina.worker.WarThreads;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The threads for all that is not a request: starts and stops of applications, and deadlines. Apart from Jetty's pool, so
 * that a server that stops can still wait for its applications. Thread-safe.
 *
 * @param executor for work that may block; grows as needed, its threads leave when idle
 * @param scheduler for deadlines and polling; its tasks are short
 */
record Workers(ExecutorService executor, ScheduledThreadPoolExecutor scheduler) implements AutoCloseable {
    private static final int IDLE_SECONDS = 60;

    /** What Jetty's pool has by itself. */
    private static final int MOST_THREADS = 200;

    private static final int FEWEST_THREADS = 8;
    private static final int IDLE_MILLIS = 60_000;

    /**
     * Starts with no thread.
     *
     * @param leaks what stopped applications have left with a thread goes before its next task
     */
    static Workers create(LeakGuard leaks) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named("marina-scheduler"));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new Workers(new TidyWorkers(leaks), scheduler);
    }

    /** The threads of requests; those of Jetty. */
    static QueuedThreadPool ofRequests(LeakGuard leaks) {
        QueuedThreadPool pool = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS, IDLE_MILLIS, new TidyQueue(leaks));
        pool.setName("marina-http");
        return pool;
    }

    /** Gives a server what its web applications run on, and the server back. */
    Server serveWars(Server server, LeakGuard leaks) {
        TryExecutor spare = TryExecutor.asTryExecutor(server.getThreadPool());
        server.addBean(new Relief(selecting -> {
            if (!spare.tryExecute(selecting)) {
                executor.execute(selecting);
            }
        }));
        WarThreads threads = new WarThreads(server.getThreadPool(), "marina-war-", MOST_THREADS);
        server.addBean(threads);
        leaks.lookAt(threads::running);
        return server;
    }

    /** What requests of its web applications run on: that of all threads which may all be busy. */
    static WarThreads ofWars(Server server) {
        return server.getBean(WarThreads.class);
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

    /** Applications are started and stopped here, and leave things in ThreadLocals as they do in threads of requests. */
    private static final class TidyWorkers extends ThreadPoolExecutor {
        private final LeakGuard leaks;

        TidyWorkers(LeakGuard leaks) {
            super(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    named("marina-worker"));
            this.leaks = leaks;
        }

        @Override
        protected void afterExecute(Runnable task, @Nullable Throwable failure) {
            leaks.tidy();
        }
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(Workers.class.getClassLoader());
            return thread;
        };
    }
}
