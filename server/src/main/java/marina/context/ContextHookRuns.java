package marina.context;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import marina.config.ContextPath;
import marina.config.Hook;
import marina.hook.HookOutcome;
import marina.hook.HookPoint;
import marina.hook.HookRunner;
import marina.process.OutputSink;

/**
 * Runs the hooks of one context, always in the same surroundings.
 *
 * @param runner of the whole server
 * @param context whose hooks they are
 * @param directory their working directory
 * @param environment their environment
 * @param output takes what they print
 */
record ContextHookRuns(
        HookRunner runner, ContextPath context, Path directory, Map<String, String> environment, OutputSink output) {

    CompletableFuture<HookOutcome> run(HookPoint point, List<Hook> hooks) {
        return runner.run(point, context.value(), hooks, directory, environment, Map.of(), output);
    }
}
