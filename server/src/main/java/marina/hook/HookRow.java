package marina.hook;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.config.Hook;
import org.jspecify.annotations.Nullable;

/** The hooks of one point, on their way one after another; the first failure ends the row. Thread-safe. */
public final class HookRow {
    private final HookPoint point;
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    private final CompletableFuture<HookOutcome> outcome;
    private final @Nullable HookRow earlier;

    private HookRow(
            HookPoint point,
            @Nullable HookRow earlier,
            CompletableFuture<String> before,
            List<Hook> hooks,
            HookSurroundings surroundings,
            HookRunner runner) {
        this.point = point;
        this.earlier = earlier;
        long begin = System.nanoTime();
        CompletableFuture<String> reason = earlier == null ? unlessGivenUp(before) : before;
        for (Hook hook : hooks) {
            HookRun run = new HookRun(point, hook, surroundings, givenUp);
            reason = reason.thenCompose(
                    failure -> failure.isEmpty() ? run.start(runner) : CompletableFuture.completedFuture(failure));
        }
        this.outcome = reason.exceptionally(e -> "hooks " + point.key() + " of " + surroundings.owner() + ": " + e)
                .thenApply(failure -> outcome(failure, begin));
    }

    private CompletableFuture<String> unlessGivenUp(CompletableFuture<String> before) {
        return CompletableFuture.anyOf(before, givenUp)
                .thenApply(ended -> givenUp.isDone() ? "given up" : before.join());
    }

    static HookRow begin(
            HookPoint point,
            CompletableFuture<String> before,
            List<Hook> hooks,
            HookSurroundings surroundings,
            HookRunner runner) {
        return new HookRow(point, null, before, hooks, surroundings, runner);
    }

    /** One that goes on where another one has succeeded: together they are a row, and fail with the first failure. */
    static HookRow after(
            HookRow earlier, HookPoint point, List<Hook> hooks, HookSurroundings surroundings, HookRunner runner) {
        CompletableFuture<String> before = earlier.outcome().thenApply(HookOutcome::reason);
        return new HookRow(point, earlier, before, hooks, surroundings, runner);
    }

    /** Never completes exceptionally; complete when nothing of the hooks is left, descendants included. */
    public CompletableFuture<HookOutcome> outcome() {
        return outcome.copy();
    }

    /** Ends the hook that runs and begins no other; the outcome follows when its processes are gone. Never blocks. */
    public void giveUp() {
        givenUp.complete(null);
        if (earlier != null) {
            earlier.giveUp();
        }
    }

    private HookOutcome outcome(String failure, long begin) {
        return new HookOutcome(point, failure.isEmpty(), failure, Duration.ofNanos(System.nanoTime() - begin));
    }
}
