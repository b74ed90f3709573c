package marina.backend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import marina.config.LifecyclePolicy;
import marina.config.ProcessConfig;
import marina.config.Template;
import marina.process.OutputSink;

/**
 * What a {@link ProcessStarter} starts.
 *
 * @param name context path, for messages
 * @param command program and arguments
 * @param directory working directory
 * @param environment added to the few variables that every process gets, see {@link ProcessEnvironment}
 * @param process how it runs
 * @param listener takes part in the life of this one process; usually its hooks
 * @param policy ready path, status and timeout, and stop timeout
 * @param output takes what it prints
 */
public record ProcessSettings(
        String name,
        List<Template> command,
        Path directory,
        Map<String, Template> environment,
        ProcessConfig process,
        ContextLifecycleListener listener,
        LifecyclePolicy policy,
        OutputSink output) {
    /** Copies its collections. */
    public ProcessSettings {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
