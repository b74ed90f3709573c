package marina.backend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import marina.config.ContextHooks;
import marina.config.Hook;
import marina.hook.HookPoint;
import marina.hook.HookRow;
import marina.hook.HookRunner;
import marina.hook.HookSurroundings;
import marina.process.Account;
import marina.process.OutputSink;

/**
 * Runs the hooks of one context; {@link Generation} says when.
 *
 * @param runner of the whole server
 * @param context its path, for messages
 * @param hooks what to run
 * @param directory their working directory
 * @param output takes what they print
 * @param account they run under, that of the context's process: what they prepare is for its use
 * @param before what is done before the hooks of a point; completes with an empty text, or a reason not to go on
 */
public record HookRuns(
        HookRunner runner,
        String context,
        ContextHooks hooks,
        Path directory,
        OutputSink output,
        Account account,
        Function<HookPoint, CompletableFuture<String>> before) {
    private static final CompletableFuture<String> NOTHING = CompletableFuture.completedFuture("");

    /** Hooks under Marina's own account. */
    public HookRuns(HookRunner runner, String context, ContextHooks hooks, Path directory, OutputSink output) {
        this(runner, context, hooks, directory, output, Account.OWN, point -> NOTHING);
    }

    /** Begins the hooks of a point when this completes with an empty text; with a reason, they have failed. */
    HookRow begin(
            HookPoint point,
            CompletableFuture<String> admitted,
            Map<String, String> environment,
            Map<String, String> values) {
        return runner.begin(
                point,
                admitted.thenCompose(
                        reason -> reason.isEmpty() ? before.apply(point) : CompletableFuture.completedFuture(reason)),
                hooksAt(point),
                new HookSurroundings(context, directory, environment, values, output, account));
    }

    /** Begins the hooks of a point when those of an earlier one have succeeded; the row that is given back is both. */
    HookRow beginAfter(HookRow earlier, HookPoint point, Map<String, String> environment, Map<String, String> values) {
        return runner.beginAfter(
                earlier,
                point,
                hooksAt(point),
                new HookSurroundings(context, directory, environment, values, output, account));
    }

    /** Whether something is done before the first start of what has been deployed. */
    boolean migrates() {
        return !hooks.migrate().isEmpty();
    }

    /** Begins the hooks of a point. */
    HookRow begin(HookPoint point, Map<String, String> environment, Map<String, String> values) {
        return begin(point, NOTHING, environment, values);
    }

    /** A point at which no hooks run. */
    HookRow none(HookPoint point, CompletableFuture<String> others) {
        return runner.begin(
                point, others, List.of(), new HookSurroundings(context, directory, Map.of(), Map.of(), output));
    }

    /** A point at which no hooks run. */
    HookRow none(HookPoint point) {
        return none(point, before.apply(point));
    }

    private List<Hook> hooksAt(HookPoint point) {
        return switch (point) {
            case CONTEXT_MIGRATE -> hooks.migrate();
            case CONTEXT_START -> hooks.start();
            case CONTEXT_READY -> hooks.ready();
            case CONTEXT_STOP -> hooks.stop();
            case SERVER_START, SERVER_RELOAD, SERVER_READY, SERVER_SUSPEND, SERVER_RESUME, SERVER_STOP -> List.of();
        };
    }
}
