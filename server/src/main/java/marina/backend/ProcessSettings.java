package marina.backend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import marina.config.LifecyclePolicy;
import marina.config.ProcessConfig;
import marina.config.RunAs;
import marina.config.Template;
import marina.process.Account;
import marina.process.OutputSink;
import marina.process.ProcessSpec;
import marina.process.ResourceLimits;

/**
 * What a {@link ProcessStarter} starts.
 *
 * @param owner whose it is, for messages
 * @param command gives program and arguments, at each start anew, on a thread that may block
 * @param directory working directory
 * @param environment added to the few variables that every process gets, see {@link ProcessEnvironment}
 * @param process how it runs
 * @param listener takes part in the life of this one process; usually its hooks
 * @param policy ready path, status and timeout, and stop timeout
 * @param output takes what it prints
 */
public record ProcessSettings(
        ProcessOwner owner,
        Supplier<List<Template>> command,
        Path directory,
        Map<String, Template> environment,
        ProcessConfig process,
        ContextLifecycleListener listener,
        LifecyclePolicy policy,
        OutputSink output) {
    /** Copies its map. */
    public ProcessSettings {
        environment = Map.copyOf(environment);
    }

    /**
     * What is started.
     *
     * @param values for {@code ${port}} and its like in the command
     * @param variables all of its environment
     * @throws IllegalArgumentException when a value is missing
     */
    ProcessSpec spec(Map<String, String> values, Map<String, String> variables) {
        return new ProcessSpec(
                name(),
                command.get().stream().map(word -> word.expand(values)).toList(),
                directory,
                variables,
                output,
                accountOf(process),
                new ResourceLimits(process.memoryLimit(), process.openFiles(), process.processes()));
    }

    /** The account of a context's process and of its hooks. */
    public static Account accountOf(ProcessConfig process) {
        RunAs account = process.account();
        return account.switches() ? new Account(account.uid(), account.gid(), account.listed()) : Account.OWN;
    }

    /** The path of the context. */
    String name() {
        return owner.context();
    }
}
