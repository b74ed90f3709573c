package marina.hook;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import marina.config.Hook;
import marina.process.OutputSink;
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

    /**
     * Runs the hooks of one point to their end, for those who will not give them up.
     *
     * @param owner context path or {@code server}, for messages
     * @param values for {@code ${port}} and {@code ${socket}} in arguments
     * @return never completes exceptionally; an empty list succeeds at once
     */
    public CompletableFuture<HookOutcome> run(
            HookPoint point,
            String owner,
            List<Hook> hooks,
            Path directory,
            Map<String, String> environment,
            Map<String, String> values,
            OutputSink output) {
        return begin(point, hooks, new HookSurroundings(owner, directory, environment, values, output))
                .outcome();
    }
}
