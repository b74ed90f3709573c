package marina.context;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import marina.config.ContextPath;
import marina.config.Hook;
import marina.hook.HookPoint;
import marina.hook.HookRow;
import marina.hook.HookRunner;
import marina.hook.HookSurroundings;
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

    HookRow begin(HookPoint point, List<Hook> hooks) {
        return runner.begin(
                point, hooks, new HookSurroundings(context.value(), directory, environment, Map.of(), output));
    }
}
