package marina.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import marina.process.ProcessTree.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the memory of process trees and tells when one is above its limit: what stands in for a cgroup where there is
 * none. Looks each second, four times a second while some tree is near its limit. One thread and one pass over the process
 * table serve all trees; the thread exists only while there is something to watch. Thread-safe.
 */
final class MemoryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration NEAR = Duration.ofMillis(250);

    /** A tree that holds more than this of its limit is near it. */
    private static final double NEARNESS = 0.75;

    private final ProcTable table;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** Marks of processes outside of the sessions of their trees, as their environments do not change. Timer thread only. */
    private Map<ProcEntry.Id, Optional<String>> marks = new HashMap<>();

    MemoryWatch(ProcTable table) {
        this.table = table;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "marina-memory-watch");
            thread.setDaemon(true);
            return thread;
        });
        timer.setKeepAliveTime(CALM.toMillis() * 2, TimeUnit.MILLISECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Watches a tree until {@link #forget}.
     *
     * @param exceeded is called with the bytes in use, on the thread of the watch, at each look that finds too many
     */
    void watch(Identity identity, long limit, LongConsumer exceeded) {
        if (!table.present()) {
            LOG.warn("memory_limit has no effect: this system does not tell what processes use");
            return;
        }
        watched.put(identity.mark(), new Watched(identity, limit, exceeded));
        lookAgain(NEAR);
    }

    /** Ends the watching of a tree. */
    void forget(String mark) {
        watched.remove(mark);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void lookAgain(Duration pause) {
        if (looking.compareAndSet(false, true)) {
            try {
                var unused = timer.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Marina is stopping: {}", e.toString());
            }
        }
    }

    private void look() {
        boolean near = false;
        try {
            for (Map.Entry<Watched, List<Long>> tree : trees().entrySet()) {
                near |= measure(tree.getKey(), tree.getValue());
            }
        } catch (RuntimeException e) {
            LOG.warn("Could not measure the memory of processes; tries again", e);
        }
        looking.set(false);
        if (!watched.isEmpty()) {
            lookAgain(near ? NEAR : CALM);
        } else {
            marks = new HashMap<>();
        }
    }

    /** Whether the tree is near its limit. The cheap sum is never less than the exact one. */
    private static boolean measure(Watched tree, List<Long> pids) {
        double near = tree.limit * NEARNESS;
        if (pids.stream().mapToLong(ProcessMemory::resident).sum() <= near) {
            return false;
        }
        long used = pids.stream().mapToLong(ProcessMemory::proportional).sum();
        if (used > tree.limit) {
            tree.exceeded.accept(used);
        }
        return used > near;
    }

    private Map<Watched, List<Long>> trees() {
        Map<Long, Watched> bySession = new HashMap<>();
        watched.values().forEach(tree -> bySession.put(tree.identity.pid(), tree));
        long oldest = watched.values().stream()
                .mapToLong(tree -> tree.identity.startTicks())
                .min()
                .orElse(Long.MAX_VALUE);
        Map<Watched, List<Long>> trees = new HashMap<>();
        Set<ProcEntry.Id> strangers = new HashSet<>();
        for (ProcEntry entry : table.all()) {
            if (!entry.alive() || entry.startTicks() < oldest) {
                continue;
            }
            Watched tree = bySession.get(entry.session());
            if (tree == null) {
                strangers.add(entry.id());
                tree = marks.computeIfAbsent(entry.id(), id -> table.environment(id.pid(), ProcessTree.MARK))
                        .map(watched::get)
                        .orElse(null);
            }
            if (tree != null) {
                trees.computeIfAbsent(tree, unused -> new ArrayList<>()).add(entry.pid());
            }
        }
        marks.keySet().retainAll(strangers);
        return trees;
    }

    /** One tree. */
    private record Watched(Identity identity, long limit, LongConsumer exceeded) {}
}
