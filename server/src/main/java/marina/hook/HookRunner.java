package marina.hook;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import marina.config.Hook;
import marina.process.OutputSink;
import marina.process.ProcessLauncher;

/** Runs hooks one after another, each with its time limit; the first failure ends the row. Thread-safe, never blocks. */
public final class HookRunner {
    private final ProcessLauncher launcher;

    /** A runner whose processes come from this launcher. */
    public HookRunner(ProcessLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Runs the hooks of one point.
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
        throw new UnsupportedOperationException(
                launcher.hashCode() + owner + point + hooks + directory + environment + values + output);
    }
}
