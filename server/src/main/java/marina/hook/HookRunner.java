package marina.hook;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import marina.config.Hook;
import marina.config.Template;
import marina.process.ExitOutcome;
import marina.process.LaunchException;
import marina.process.OutputSink;
import marina.process.ProcessLauncher;
import marina.process.ProcessSpec;
import marina.process.RunningProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs hooks one after another, each with its time limit; the first failure ends the row. Thread-safe, never blocks
 * longer than it takes to start a process.
 */
public final class HookRunner {
    private static final Logger LOG = LoggerFactory.getLogger(HookRunner.class);

    /** From SIGTERM to SIGKILL for a hook that exceeded its timeout. */
    private static final Duration GRACE = Duration.ofSeconds(1);

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
     * @return never completes exceptionally; an empty list succeeds at once; cancelling it ends the hook that runs
     */
    public CompletableFuture<HookOutcome> run(
            HookPoint point,
            String owner,
            List<Hook> hooks,
            Path directory,
            Map<String, String> environment,
            Map<String, String> values,
            OutputSink output) {
        long begin = System.nanoTime();
        CompletableFuture<HookOutcome> outcome = new CompletableFuture<>();
        CompletableFuture<String> reason = CompletableFuture.completedFuture("");
        for (Hook hook : hooks) {
            Run run = new Run(hook, "hook " + point.key() + " of " + owner + ": ", owner, outcome);
            reason = reason.thenCompose(failure -> failure.isEmpty() && !outcome.isDone()
                    ? run.start(directory, environment, values, output)
                    : CompletableFuture.completedFuture(failure));
        }
        var unused = reason.exceptionally(e -> "hooks " + point.key() + " of " + owner + ": " + e)
                .thenAccept(
                        failure -> outcome.complete(new HookOutcome(point, failure.isEmpty(), failure, since(begin))));
        return outcome;
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** One hook of a row. */
    private final class Run {
        private final Hook hook;
        private final String prefix;
        private final String owner;
        private final CompletableFuture<HookOutcome> row;

        Run(Hook hook, String prefix, String owner, CompletableFuture<HookOutcome> row) {
            this.hook = hook;
            this.prefix = prefix
                    + '"'
                    + hook.command().stream().map(Template::toString).collect(Collectors.joining(" "))
                    + '"';
            this.owner = owner;
            this.row = row;
        }

        /** Completes with the reason of the failure, or empty. */
        CompletableFuture<String> start(
                Path directory, Map<String, String> environment, Map<String, String> values, OutputSink output) {
            long begin = System.nanoTime();
            RunningProcess process;
            try {
                List<String> command =
                        hook.command().stream().map(word -> word.expand(values)).toList();
                process = launcher.launch(new ProcessSpec(owner, command, directory, environment, output));
            } catch (LaunchException | IllegalArgumentException e) {
                return CompletableFuture.completedFuture(
                        log(prefix + " could not be started: " + e.getMessage(), begin));
            }
            var unused = row.whenComplete((outcome, failure) -> {
                if (failure != null) {
                    var unusedEnd = process.terminate(GRACE);
                }
            });
            CompletableFuture<Boolean> inTime = hook.timeout().isZero()
                    ? process.exit().thenApply(ended -> true)
                    : process.exitWithin(hook.timeout());
            return inTime.thenCompose(ended -> ended
                            ? process.exit().thenCompose(outcome -> process.terminate(Duration.ZERO)
                                    .thenApply(gone -> failure(outcome)))
                            : process.terminate(GRACE)
                                    .thenApply(gone -> prefix + " exceeded its timeout of " + seconds(hook.timeout())))
                    .thenApply(failure -> log(failure, begin));
        }

        private String failure(ExitOutcome outcome) {
            if (outcome.status() == 0) {
                return "";
            }
            List<String> lines = outcome.lastLines();
            String last = lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
            return prefix + " ended with " + outcome.describe() + last;
        }

        private String log(String failure, long begin) {
            if (failure.isEmpty()) {
                LOG.info("Done: {} in {}", prefix, seconds(since(begin)));
            } else {
                LOG.warn("Failed: {}, after {}", failure, seconds(since(begin)));
            }
            return failure;
        }

        private static String seconds(Duration duration) {
            long millis = duration.toMillis();
            return millis % 1000 == 0 ? millis / 1000 + "s" : millis / 1000.0 + "s";
        }
    }
}
