package marina.hook;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import marina.config.Hook;
import marina.config.Template;
import marina.process.ExitOutcome;
import marina.process.LaunchException;
import marina.process.ProcessSpec;
import marina.process.ResourceLimits;
import marina.process.RunningProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One hook of a row. Used once. */
final class HookRun {
    private static final Logger LOG = LoggerFactory.getLogger(HookRunner.class);
    private static final int MILLIS_PER_SECOND = 1000;

    /** From SIGTERM to SIGKILL for a hook that exceeded its timeout or is no longer wanted. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Hook hook;
    private final HookSurroundings surroundings;
    private final CompletableFuture<Void> givenUp;
    private final String name;
    private final String command;
    private final String prefix;
    private volatile boolean timedOut;

    /** A hook that ends early when the future completes. */
    HookRun(HookPoint point, Hook hook, HookSurroundings surroundings, CompletableFuture<Void> givenUp) {
        this.hook = hook;
        this.surroundings = surroundings;
        this.givenUp = givenUp;
        this.name = surroundings.owner().startsWith("/") ? surroundings.owner() + " " + point.key() : point.key();
        this.command = hook.command().stream().map(Template::toString).collect(Collectors.joining(" "));
        this.prefix = "hook " + point.key() + " of " + surroundings.owner() + ": \"" + command + '"';
    }

    /** Completes, when nothing of it is left, with the reason of its failure, or empty. */
    CompletableFuture<String> start(HookRunner runner) {
        if (givenUp.isDone()) {
            return CompletableFuture.completedFuture(prefix + " was not begun, the start was given up");
        }
        long begin = System.nanoTime();
        HookLog.Run run = runner.log().begin(name, command);
        RunningProcess process;
        try {
            List<String> command = hook.command().stream()
                    .map(word -> word.expand(surroundings.values()))
                    .toList();
            process = runner.launcher()
                    .launch(new ProcessSpec(
                            surroundings.owner(),
                            command,
                            hook.directory().orElse(surroundings.directory()),
                            environment(),
                            surroundings.output(),
                            surroundings.account(),
                            ResourceLimits.NONE));
        } catch (LaunchException | IllegalArgumentException e) {
            run.failed(String.valueOf(e.getMessage()));
            return CompletableFuture.completedFuture(ended(prefix + " could not be started: " + e.getMessage(), begin));
        }
        return watch(process).thenApply(failure -> {
            run.ended(failure.isEmpty(), timedOut, process.exit().getNow(null));
            return ended(failure, begin);
        });
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(surroundings.environment());
        hook.env().forEach((name, value) -> environment.put(name, value.expand(surroundings.values())));
        return environment;
    }

    private CompletableFuture<String> watch(RunningProcess process) {
        CompletableFuture<Boolean> inTime =
                hook.timeout().isZero() ? process.exit().thenApply(ended -> true) : process.exitWithin(hook.timeout());
        var unused = givenUp.thenRun(() -> {
            var unusedEnd = process.terminate(GRACE);
        });
        return inTime.thenCompose(ended -> ended
                ? process.exit()
                        .thenCompose(outcome -> process.terminate(Duration.ZERO).thenApply(gone -> failure(outcome)))
                : endLate(process).thenApply(gone -> prefix + " exceeded its timeout of " + seconds(hook.timeout())));
    }

    private CompletableFuture<?> endLate(RunningProcess process) {
        timedOut = true;
        return process.terminate(GRACE);
    }

    private String failure(ExitOutcome outcome) {
        if (givenUp.isDone()) {
            return prefix + " was given up";
        }
        if (outcome.status() == 0) {
            return "";
        }
        List<String> lines = outcome.lastLines();
        String last = lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
        return prefix + " ended with " + outcome.describe() + last;
    }

    /** What the row is told, which goes on after the failure of a hook that is not required. */
    private String ended(String failure, long begin) {
        log(failure, begin);
        return hook.required() || givenUp.isDone() ? failure : "";
    }

    private void log(String failure, long begin) {
        String took = seconds(Duration.ofNanos(System.nanoTime() - begin));
        if (failure.isEmpty()) {
            LOG.info("Done: {} in {}", prefix, took);
        } else {
            LOG.warn("Failed: {}, after {}", failure, took);
        }
    }

    private static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return millis % MILLIS_PER_SECOND == 0
                ? millis / MILLIS_PER_SECOND + "s"
                : millis / (double) MILLIS_PER_SECOND + "s";
    }
}
