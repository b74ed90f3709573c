package marina.leak;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the web applications that have stopped, for as long as something keeps their classes in memory; takes from the JVM
 * what they have left in it. One for each server. Thread-safe.
 */
public final class LeakGuard {
    private static final Logger LOG = LoggerFactory.getLogger(LeakGuard.class);

    private final List<Finder> finders = List.of(
            new LeftDrivers(),
            new LeftTimers(),
            new LeftThreads(this::unlisted),
            new LeftShutdownHooks(),
            new LeftMBeans(),
            new LeftRmiTargets(),
            new LeftLogHandlers(),
            new LeftDefaults(),
            new LeftThreadLocals());

    /** How long idle threads may wait for each other, so that each of them comes by. */
    private static final Duration VISIT = Duration.ofMillis(50);

    /** The collector may need more than one turn: finalizers and references come between. */
    private static final int COLLECTIONS = 4;

    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMillis(100);

    private final List<Generation> stopped = new CopyOnWriteArrayList<>();
    private final AtomicInteger stops = new AtomicInteger();
    private volatile Supplier<Collection<Thread>> unlisted = List::of;
    private final ThreadLocal<int[]> tidied = ThreadLocal.withInitial(() -> new int[1]);

    /** A stopped application; its class loader is not held. */
    private record Generation(String path, String archive, Instant when, WeakReference<ClassLoader> loader) {
        Optional<StoppedApp> app() {
            return Optional.ofNullable(loader.get()).map(alive -> new StoppedApp(path, alive));
        }
    }

    /** There are threads of requests that no list of all threads has: virtual ones. What they leave in ThreadLocals ends with them. */
    public void lookAt(Supplier<Collection<Thread>> more) {
        unlisted = more;
    }

    private Collection<Thread> unlisted() {
        return unlisted.get();
    }

    /**
     * To be called when an application has stopped: cleans up after it and writes a line for each thing that it has left.
     * Blocks for a moment.
     *
     * @param archive what it was started from
     * @param loader of its classes
     * @param threads what runs requests
     */
    public void stopped(String path, Path archive, ClassLoader loader, Executor threads) {
        StoppedApp app = new StoppedApp(path, loader);
        for (Finder finder : finders) {
            for (Left left : find(finder, app)) {
                LOG.warn(left.warning());
                cure(left);
            }
        }
        Caches.forget(app);
        stopped.removeIf(generation -> generation.app().isEmpty());
        stopped.add(new Generation(
                path,
                String.valueOf(archive.getFileName()),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                new WeakReference<>(loader)));
        stops.incrementAndGet();
        visit(threads);
        tidy();
    }

    /**
     * Takes the values that stopped applications have left in ThreadLocals from the thread that calls; costs next to nothing
     * when none has stopped since the last call. For threads that many applications share, between two tasks.
     */
    public void tidy() {
        int now = stops.get();
        if (now == 0) {
            return;
        }
        int[] last = tidied.get();
        if (last[0] == now) {
            return;
        }
        last[0] = now;
        List<StoppedApp> apps = alive();
        for (ThreadValues.Entry entry : ThreadValues.of(Thread.currentThread())) {
            if (entry.key() != null && apps.stream().anyMatch(entry::leadsTo)) {
                entry.key().remove();
            }
        }
        ThreadValues.dropOrphans();
    }

    /**
     * Stopped applications whose classes are still in memory after a full garbage collection, which this causes: a line for
     * each, with what holds it as far as that can be seen. Blocks for up to half a second.
     */
    public List<String> find() {
        collectGarbage();
        List<String> found = new ArrayList<>();
        for (Generation generation : stopped) {
            generation
                    .app()
                    .ifPresent(app -> found.add(generation.path() + " (" + generation.archive() + ", stopped "
                            + generation.when() + ") is held by " + holders(app)));
        }
        return List.copyOf(found);
    }

    private String holders(StoppedApp app) {
        List<String> holders = new ArrayList<>();
        for (Finder finder : finders) {
            find(finder, app).forEach(left -> holders.add(left.holder()));
        }
        return holders.isEmpty()
                ? "something that Marina cannot see; look for its class loader in a heap dump (jcmd "
                        + ProcessHandle.current().pid() + " GC.heap_dump FILE)"
                : String.join(", ", holders);
    }

    private void collectGarbage() {
        for (int i = 0; i < COLLECTIONS && !stopped.isEmpty(); i++) {
            System.gc();
            stopped.removeIf(generation -> generation.app().isEmpty());
            if (!stopped.isEmpty() && i < COLLECTIONS - 1) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_COLLECTIONS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<StoppedApp> alive() {
        return stopped.stream().flatMap(generation -> generation.app().stream()).toList();
    }

    /** Has all threads tidy up that have nothing to do; the others do so after what they do. */
    private void visit(Executor executor) {
        if (!(executor instanceof QueuedThreadPool pool) || !pool.isRunning()) {
            return;
        }
        int idle = pool.getIdleThreads();
        int reserved = pool.getCurrentReservedThreads();
        CountDownLatch all = new CountDownLatch(idle + reserved);
        Runnable visit = () -> {
            tidy();
            all.countDown();
            await(all);
        };
        try {
            for (int i = 0; i < reserved; i++) {
                if (!pool.tryExecute(visit)) {
                    all.countDown();
                }
            }
            for (int i = 0; i < idle; i++) {
                pool.execute(visit);
            }
        } catch (RejectedExecutionException e) {
            return; // the server stops
        }
        await(all);
    }

    private static void await(CountDownLatch all) {
        try {
            var unused = all.await(VISIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Code of the application may be asked, which may throw anything; the other finders must still have their turn. */
    private static List<Left> find(Finder finder, StoppedApp app) {
        try {
            return finder.find(app);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("What the web application [{}] left cannot be looked for: {}", app.path(), e.toString());
            return List.of();
        }
    }

    private static void cure(Left left) {
        try {
            left.cure().run();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("{} cannot be removed: {}", left.holder(), e.toString());
        }
    }
}
