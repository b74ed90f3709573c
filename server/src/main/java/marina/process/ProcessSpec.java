package marina.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to start.
 *
 * @param owner who it is for, in the operator's words, for messages and the orphan record: {@code /sally/list1}
 * @param command program and arguments; a program without a slash is looked up in the environment's PATH, one with a
 *     slash relative to the directory
 * @param directory working directory
 * @param environment the whole environment; nothing is inherited
 * @param output takes its output
 * @param account it runs under
 * @param limits what it may use
 */
public record ProcessSpec(
        String owner,
        List<String> command,
        Path directory,
        Map<String, String> environment,
        OutputSink output,
        Account account,
        ResourceLimits limits) {
    /** Copies its collections. */
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A process under Marina's own account without limits. */
    public ProcessSpec(
            String owner, List<String> command, Path directory, Map<String, String> environment, OutputSink output) {
        this(owner, command, directory, environment, output, Account.OWN, ResourceLimits.NONE);
    }
}
