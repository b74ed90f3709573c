package marina.webapp;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named daemon threads that do not hold on to the web application whose request happened to start them: they get the
 * server's class loader as their context class loader. Thread-safe.
 */
final class MarinaThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger count = new AtomicInteger();

    MarinaThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        thread.setContextClassLoader(MarinaThreads.class.getClassLoader());
        return thread;
    }
}
