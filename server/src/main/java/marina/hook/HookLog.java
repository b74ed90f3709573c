package marina.hook;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import marina.process.ExitOutcome;
import org.jspecify.annotations.Nullable;

/** The hooks that have run lately, and those that run. Thread-safe. */
public final class HookLog {
    private static final int KEPT = 200;

    private final Deque<Run> runs = new ArrayDeque<>(); // guarded by this

    /** What becomes of a hook. */
    public enum Outcome {
        /** It runs. */
        RUNNING,
        /** It has ended with status 0. */
        DONE,
        /** It has not. */
        FAILED,
        /** It took too long. */
        TIMED_OUT
    }

    /**
     * A hook.
     *
     * @param name of its point, behind the path of its context
     * @param command as written
     * @param at when it began
     * @param took until its end, or until now
     * @param exit its status; -1 for none
     * @param output its last lines, or why it could not be started
     */
    public record Entry(
            String name, String command, Instant at, Duration took, Outcome outcome, int exit, List<String> output) {
        /** Copies its list. */
        public Entry {
            output = List.copyOf(output);
        }
    }

    /** One run, which is told how it ends. */
    static final class Run {
        private final String name;
        private final String command;
        private final Instant at = Instant.now();
        private final long begin = System.nanoTime();
        private volatile @Nullable Entry end;

        private Run(String name, String command) {
            this.name = name;
            this.command = command;
        }

        /** It could not be started. */
        void failed(String reason) {
            end = entry(Outcome.FAILED, -1, List.of(reason));
        }

        /** It has ended. */
        void ended(boolean succeeded, boolean timedOut, @Nullable ExitOutcome exit) {
            Outcome outcome = timedOut ? Outcome.TIMED_OUT : succeeded ? Outcome.DONE : Outcome.FAILED;
            end = entry(outcome, exit == null ? -1 : exit.status(), exit == null ? List.of() : exit.lastLines());
        }

        private Entry entry(Outcome outcome, int exit, List<String> output) {
            return new Entry(name, command, at, Duration.ofNanos(System.nanoTime() - begin), outcome, exit, output);
        }

        private Entry now() {
            Entry known = end;
            return known == null ? entry(Outcome.RUNNING, -1, List.of()) : known;
        }
    }

    synchronized Run begin(String name, String command) {
        Run run = new Run(name, command);
        runs.addLast(run);
        if (runs.size() > KEPT) {
            runs.removeFirst();
        }
        return run;
    }

    /** All that are remembered, the newest first. */
    public List<Entry> all() {
        List<Run> copy;
        synchronized (this) {
            copy = new ArrayList<>(runs);
        }
        Collections.reverse(copy);
        return copy.stream().map(Run::now).toList();
    }
}
