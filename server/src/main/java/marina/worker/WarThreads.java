package marina.worker;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.annotation.ManagedAttribute;
import org.eclipse.jetty.util.annotation.ManagedObject;
import org.jspecify.annotations.Nullable;

/**
 * Runs requests of web applications that are not short. With virtual threads each has one of its own, as many at once as a pool would have threads;
 * the others wait in the order in which they came. Where the JDK lets a virtual thread that waits in {@code synchronized} keep a processor to
 * itself (before 24), threads of the pool run them. Thread-safe.
 */
@ManagedObject("Requests of web applications on threads of their own")
public final class WarThreads implements Executor {
    /** A system property: {@code platform} or {@code virtual}, in place of what suits the JDK. */
    public static final String CHOICE = "marina.war.threads";

    private static final int THERE_SINCE = 21; // JEP 444
    private static final int NOT_PINNED_SINCE = 24; // JEP 491

    private final Executor pool;
    private final boolean virtual;
    private final String prefix;
    private final int most;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Executor starter; // made by the first request: most servers have no web application

    /**
     * What suits this JDK.
     *
     * @param pool has the threads where there are no virtual ones
     * @param prefix of the names of virtual threads, which end with a number
     * @param most how many requests may run at once; as many as the pool has threads
     */
    public WarThreads(Executor pool, String prefix, int most) {
        this.pool = pool;
        this.virtual = areChosen();
        this.prefix = prefix;
        this.most = most;
    }

    private static boolean areChosen() {
        String choice = System.getProperty(CHOICE, "");
        int feature = Runtime.version().feature();
        return choice.isEmpty() ? feature >= NOT_PINNED_SINCE : choice.equals("virtual") && feature >= THERE_SINCE;
    }

    /** Never blocks; fails as the pool does when that has stopped. */
    @Override
    public void execute(Runnable request) {
        if (!virtual) {
            pool.execute(request);
        } else if (unfinished.incrementAndGet() <= most) {
            start(starter(), request);
        } else {
            waiting.add(request);
        }
    }

    private Executor starter() {
        Executor made = starter;
        return made == null ? makeStarter() : made;
    }

    private synchronized Executor makeStarter() {
        if (starter == null) {
            starter = VirtualThreads.getNamedVirtualThreadsExecutor(prefix);
        }
        return starter;
    }

    private void start(Executor threads, Runnable request) {
        threads.execute(() -> {
            Thread self = Thread.currentThread();
            running.add(self);
            try {
                request.run();
            } finally {
                running.remove(self);
                ended(threads);
            }
        });
    }

    /** The place goes to one that waits; who has counted it may still be about to put it into the queue. */
    private void ended(Executor threads) {
        if (unfinished.getAndDecrement() > most) {
            Runnable next = waiting.poll();
            while (next == null) {
                Thread.onSpinWait();
                next = waiting.poll();
            }
            start(threads, next);
        }
    }

    /** Whether each request has a virtual thread. */
    @ManagedAttribute("whether each request has a virtual thread")
    public boolean isVirtual() {
        return virtual;
    }

    /** How many requests may run at once. */
    @ManagedAttribute("requests that may run at once")
    public int getMost() {
        return most;
    }

    /** How many requests run on virtual threads now. */
    @ManagedAttribute("requests that run on virtual threads")
    public int getRunning() {
        return Math.min(most, unfinished.get());
    }

    /** How many requests wait for a virtual thread now. */
    @ManagedAttribute("requests that wait for a virtual thread")
    public int getWaiting() {
        return Math.max(0, unfinished.get() - most);
    }

    /** The virtual threads that run requests now; lists of all threads lack them. */
    public Collection<Thread> running() {
        return List.copyOf(running);
    }
}
