package marina.backend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import marina.config.ContextHooks;
import marina.config.LifecyclePolicy;
import marina.config.Template;
import marina.process.OutputSink;

/**
 * What a {@link ProcessStarter} starts.
 *
 * @param name context path, for messages
 * @param command program and arguments
 * @param directory working directory of the process and of its hooks
 * @param environment added to the few variables that every process gets, see {@link ProcessEnvironment}
 * @param hooks around its life; the start and ready hooks get its environment and port, the stop hooks too
 * @param policy ready path, status and timeout, and stop timeout
 * @param output takes what process and hooks print
 */
public record ProcessSettings(
        String name,
        List<Template> command,
        Path directory,
        Map<String, Template> environment,
        ContextHooks hooks,
        LifecyclePolicy policy,
        OutputSink output) {
    /** Copies its collections. */
    public ProcessSettings {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
