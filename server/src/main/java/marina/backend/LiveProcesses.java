package marina.backend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import marina.hook.HookRow;
import org.jspecify.annotations.Nullable;

/**
 * Who runs at one context path: all instances of all its generations, because they use the same files. The stop hooks run
 * when the last one has gone, and nobody comes in before they have ended. Outlives the generations. Thread-safe; calls
 * nobody with its lock held.
 */
public final class LiveProcesses {
    private final Set<Stay> present = new HashSet<>(); // guarded by this
    private final Queue<Stay> waiting = new ArrayDeque<>(); // guarded by this
    private @Nullable Supplier<HookRow> owed; // guarded by this; the stop hooks of the one that went last
    private boolean atRest; // guarded by this; the stop hooks run

    /** An instance wants to come in; {@link Stay#admitted} completes when it may. {@link #leave} must follow. */
    void arrive(Stay stay) {
        List<Stay> admitted;
        synchronized (this) {
            waiting.add(stay);
            admitted = admit();
        }
        admitted.forEach(Stay::letIn);
    }

    /**
     * An instance has gone, or does not want to come in any more. Leaving twice does nothing.
     *
     * @param stopHooks begins its stop hooks, should they be the ones that run; null when it has never been ready
     * @return the stop hooks that run now, or null for none
     */
    @Nullable
    HookRow leave(Stay stay, @Nullable Supplier<HookRow> stopHooks) {
        Supplier<HookRow> due = null;
        List<Stay> admitted;
        synchronized (this) {
            waiting.remove(stay);
            boolean left = present.remove(stay);
            if (left && stopHooks != null) {
                owed = stopHooks;
            }
            if (left && present.isEmpty() && owed != null) {
                due = owed;
                owed = null;
                atRest = true;
            }
            admitted = admit();
        }
        admitted.forEach(Stay::letIn);
        return due == null ? null : run(due);
    }

    /**
     * Asks for a time when nobody is here and nobody comes in; who arrives later waits behind it.
     *
     * @return must be ended, whether it has begun or not
     */
    public Rest rest() {
        Rest rest = new Rest();
        arrive(rest.stay);
        return rest;
    }

    private HookRow run(Supplier<HookRow> due) {
        HookRow row;
        try {
            row = due.get();
        } catch (RuntimeException | Error e) {
            stopHooksEnded();
            throw e;
        }
        var unused = row.outcome().whenComplete((outcome, failure) -> stopHooksEnded());
        return row;
    }

    private void stopHooksEnded() {
        List<Stay> admitted;
        synchronized (this) {
            atRest = false;
            admitted = admit();
        }
        admitted.forEach(Stay::letIn);
    }

    /** Those who wait and may come in now. Called with the lock held. */
    private List<Stay> admit() {
        if (atRest || waiting.isEmpty()) {
            return List.of();
        }
        List<Stay> admitted = new ArrayList<>();
        for (Iterator<Stay> candidates = waiting.iterator(); candidates.hasNext(); ) {
            Stay candidate = candidates.next();
            if (present.stream().allMatch(candidate::mayRunBeside)) {
                candidates.remove();
                present.add(candidate);
                admitted.add(candidate);
            } else if (candidate.isRest) {
                break; // those behind it would keep it waiting for ever
            }
        }
        return admitted;
    }

    /** A time when nobody is at the path. */
    public final class Rest {
        private final Stay stay = new Stay();

        private Rest() {}

        /** Completes when it has begun; the value means nothing. */
        public CompletableFuture<String> begun() {
            return stay.admitted.copy();
        }

        /** Lets the others in; twice does nothing. */
        public void end() {
            var unused = leave(stay, null);
        }
    }

    /** One instance, from its start to its end; equal to nothing but itself. */
    static final class Stay {
        private final Object generation;
        private final boolean alone;
        private final boolean isRest;
        private final CompletableFuture<String> admitted = new CompletableFuture<>();

        /** Alone: never beside one of another generation. */
        Stay(Generation generation, boolean alone) {
            this.generation = generation;
            this.alone = alone;
            this.isRest = false;
        }

        /** Beside nobody at all. */
        private Stay() {
            generation = new Object();
            alone = true;
            isRest = true;
        }

        /** Completes with an empty text. */
        CompletableFuture<String> admitted() {
            return admitted;
        }

        private void letIn() {
            admitted.complete("");
        }

        @SuppressWarnings("ReferenceEquality") // a generation is equal to nothing but itself
        private boolean mayRunBeside(Stay other) {
            return generation == other.generation || !(alone || other.alone);
        }
    }
}
