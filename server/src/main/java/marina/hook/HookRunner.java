package marina.hook;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.config.Hook;
import marina.process.ProcessLauncher;

/**
 * Runs hooks one after another, each with its time limit; the first failure ends the row. Thread-safe, never blocks
 * longer than it takes to start a process.
 */
public final class HookRunner {
    private final ProcessLauncher launcher;
    private final HookLog log;

    /** A runner whose processes come from this launcher, and whose hooks nobody asks for. */
    public HookRunner(ProcessLauncher launcher) {
        this(launcher, new HookLog());
    }

    /**
     * A runner whose processes come from this launcher.
     *
     * @param log is told of each hook
     */
    public HookRunner(ProcessLauncher launcher, HookLog log) {
        this.launcher = launcher;
        this.log = log;
    }

    ProcessLauncher launcher() {
        return launcher;
    }

    HookLog log() {
        return log;
    }

    /** Begins the hooks of one point; an empty list succeeds at once. */
    public HookRow begin(HookPoint point, List<Hook> hooks, HookSurroundings surroundings) {
        return begin(point, CompletableFuture.completedFuture(""), hooks, surroundings);
    }

    /**
     * Begins them later, or not at all.
     *
     * @param before completes with an empty text when they may begin, with a reason when the row has failed without them;
     *     the row that is given up does not wait for it
     */
    public HookRow begin(
            HookPoint point, CompletableFuture<String> before, List<Hook> hooks, HookSurroundings surroundings) {
        return HookRow.begin(point, before, hooks, surroundings, this);
    }

    /** Goes on with these when the earlier ones have succeeded; who waits for them, or gives them up, means both rows. */
    public HookRow beginAfter(HookRow earlier, HookPoint point, List<Hook> hooks, HookSurroundings surroundings) {
        return HookRow.after(earlier, point, hooks, surroundings, this);
    }
}
