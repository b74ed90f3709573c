package marina.hook;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.config.Hook;
import marina.process.ProcessLauncher;

/** The hooks of one point, on their way one after another; the first failure ends the row. Thread-safe. */
public final class HookRow {
    private final HookPoint point;
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    private final CompletableFuture<HookOutcome> outcome;

    private HookRow(
            HookPoint point,
            CompletableFuture<String> before,
            List<Hook> hooks,
            HookSurroundings surroundings,
            ProcessLauncher launcher) {
        this.point = point;
        long begin = System.nanoTime();
        CompletableFuture<String> reason = CompletableFuture.anyOf(before, givenUp)
                .thenApply(ended -> givenUp.isDone() ? "given up" : before.join());
        for (Hook hook : hooks) {
            HookRun run = new HookRun(point, hook, surroundings, givenUp);
            reason = reason.thenCompose(
                    failure -> failure.isEmpty() ? run.start(launcher) : CompletableFuture.completedFuture(failure));
        }
        this.outcome = reason.exceptionally(e -> "hooks " + point.key() + " of " + surroundings.owner() + ": " + e)
                .thenApply(failure -> outcome(failure, begin));
    }

    static HookRow begin(
            HookPoint point,
            CompletableFuture<String> before,
            List<Hook> hooks,
            HookSurroundings surroundings,
            ProcessLauncher launcher) {
        return new HookRow(point, before, hooks, surroundings, launcher);
    }

    /** Never completes exceptionally; complete when nothing of the hooks is left, descendants included. */
    public CompletableFuture<HookOutcome> outcome() {
        return outcome.copy();
    }

    /** Ends the hook that runs and begins no other; the outcome follows when its processes are gone. Never blocks. */
    public void giveUp() {
        givenUp.complete(null);
    }

    private HookOutcome outcome(String failure, long begin) {
        return new HookOutcome(point, failure.isEmpty(), failure, Duration.ofNanos(System.nanoTime() - begin));
    }
}
