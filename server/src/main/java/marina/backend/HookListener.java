package marina.backend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import marina.config.ContextHooks;
import marina.config.Hook;
import marina.hook.HookPoint;
import marina.hook.HookRow;
import marina.hook.HookRunner;
import marina.hook.HookSurroundings;
import marina.process.Account;
import marina.process.OutputSink;

/**
 * Runs the hooks of one context.
 *
 * @param runner of the whole server
 * @param context its path, for messages
 * @param hooks what to run
 * @param directory their working directory
 * @param output takes what they print
 * @param account they run under, that of the context's process: what they prepare is for its use
 */
public record HookListener(
        HookRunner runner, String context, ContextHooks hooks, Path directory, OutputSink output, Account account)
        implements ContextLifecycleListener {

    /** Hooks under Marina's own account. */
    public HookListener(HookRunner runner, String context, ContextHooks hooks, Path directory, OutputSink output) {
        this(runner, context, hooks, directory, output, Account.OWN);
    }

    @Override
    public HookRow reached(HookPoint point, Map<String, String> environment, Map<String, String> values) {
        return runner.begin(
                point, hooksAt(point), new HookSurroundings(context, directory, environment, values, output, account));
    }

    private List<Hook> hooksAt(HookPoint point) {
        return switch (point) {
            case CONTEXT_START -> hooks.start();
            case CONTEXT_READY -> hooks.ready();
            case CONTEXT_STOP -> hooks.stop();
            case SERVER_START, SERVER_READY, SERVER_STOP -> List.of();
        };
    }
}
