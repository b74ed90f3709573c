package marina.hook;

import java.util.List;
import marina.config.Hook;
import marina.process.ProcessLauncher;

/**
 * Runs hooks one after another, each with its time limit; the first failure ends the row. Thread-safe, never blocks
 * longer than it takes to start a process.
 */
public final class HookRunner {
    private final ProcessLauncher launcher;

    /** A runner whose processes come from this launcher. */
    public HookRunner(ProcessLauncher launcher) {
        this.launcher = launcher;
    }

    /** Begins the hooks of one point; an empty list succeeds at once. */
    public HookRow begin(HookPoint point, List<Hook> hooks, HookSurroundings surroundings) {
        return HookRow.begin(point, hooks, surroundings, launcher);
    }
}
