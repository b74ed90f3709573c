package marina.backend;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import marina.backend.LiveProcesses.Stay;
import marina.hook.HookOutcome;
import marina.hook.HookPoint;
import marina.hook.HookRow;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one mounted context, and the hooks around them: the migration before the first start of all, the start
 * hooks before the first that runs, the ready hooks when the first has answered, the stop hooks when nothing runs any more, be it of this generation or of another one of the
 * same path. Made anew when a context is made anew. Thread-safe.
 */
public final class Generation {
    private final HookRuns hooks;
    private final LiveProcesses processes;
    private final boolean alone;
    private int instances; // guarded by this; those that have begun to start and have not gone
    private boolean ready; // guarded by this; one of them has been
    private volatile boolean migrated;
    private @Nullable CompletableFuture<String> startHooks; // guarded by this; empty or the reason of their failure

    /**
     * A generation of which nothing runs.
     *
     * @param processes of its path
     * @param alone whether its instances must not run beside those of another generation
     */
    public Generation(HookRuns hooks, LiveProcesses processes, boolean alone) {
        this.hooks = hooks;
        this.processes = processes;
        this.alone = alone;
    }

    /** The listener of one instance, from its start to its end; the next start needs another one. */
    public ContextLifecycleListener ofInstance() {
        return new OfInstance();
    }

    private HookRow begin(Stay stay, Map<String, String> environment, Map<String, String> values) {
        CompletableFuture<String> mine = new CompletableFuture<>();
        CompletableFuture<String> others;
        synchronized (this) {
            instances++;
            others = startHooks;
            if (others == null) {
                startHooks = mine;
            }
        }
        processes.arrive(stay);
        if (others != null) {
            return hooks.none(
                    HookPoint.CONTEXT_START, stay.admitted().thenCombine(others, (admitted, reason) -> reason));
        }
        HookRow row = beginFirst(stay, environment, values);
        var unused = row.outcome().thenApply(HookOutcome::reason).thenAccept(mine::complete);
        return row;
    }

    /** The hooks before the first instance, and before these, once for each generation, its migration. */
    private HookRow beginFirst(Stay stay, Map<String, String> environment, Map<String, String> values) {
        if (migrated || !hooks.migrates()) {
            return hooks.begin(HookPoint.CONTEXT_START, stay.admitted(), environment, values);
        }
        HookRow migration = hooks.begin(HookPoint.CONTEXT_MIGRATE, stay.admitted(), environment, values);
        var unused = migration.outcome().thenAccept(outcome -> migrated = outcome.succeeded());
        return hooks.beginAfter(migration, HookPoint.CONTEXT_START, environment, values);
    }

    private synchronized boolean isFirstReady() {
        boolean first = !ready;
        ready = true;
        return first;
    }

    private synchronized void leave() {
        instances--;
        if (instances == 0) {
            startHooks = null;
            ready = false;
        }
    }

    private final class OfInstance implements ContextLifecycleListener {
        private final Stay stay = new Stay(Generation.this, alone);
        private final AtomicBoolean begun = new AtomicBoolean();

        @Override
        public HookRow reached(HookPoint point, Map<String, String> environment, Map<String, String> values) {
            return switch (point) {
                case CONTEXT_START -> {
                    begun.set(true);
                    yield begin(stay, environment, values);
                }
                case CONTEXT_READY -> isFirstReady() ? hooks.begin(point, environment, values) : hooks.none(point);
                case CONTEXT_STOP -> {
                    HookRow row = gone(() -> hooks.begin(point, environment, values));
                    yield row == null ? hooks.none(point) : row;
                }
                case CONTEXT_MIGRATE,
                        SERVER_START,
                        SERVER_RELOAD,
                        SERVER_READY,
                        SERVER_SUSPEND,
                        SERVER_RESUME,
                        SERVER_STOP -> hooks.none(point);
            };
        }

        @Override
        public CompletableFuture<Void> startFailed() {
            HookRow row = gone(null);
            return row == null
                    ? CompletableFuture.completedFuture(null)
                    : row.outcome().thenAccept(outcome -> {});
        }

        /** The stop hooks that run now, its own or those of one that went before. */
        private @Nullable HookRow gone(@Nullable Supplier<HookRow> stopHooks) {
            if (!begun.compareAndSet(true, false)) {
                return null;
            }
            leave();
            return processes.leave(stay, stopHooks);
        }
    }
}
