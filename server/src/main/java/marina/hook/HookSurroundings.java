package marina.hook;

import java.nio.file.Path;
import java.util.Map;
import marina.process.Account;
import marina.process.OutputSink;

/**
 * Where hooks run.
 *
 * @param owner context path or {@code server}, for messages
 * @param directory their working directory
 * @param environment all of their variables
 * @param values for {@code ${port}} and {@code ${socket}} in their arguments
 * @param output takes what they print
 * @param account they run under
 */
public record HookSurroundings(
        String owner,
        Path directory,
        Map<String, String> environment,
        Map<String, String> values,
        OutputSink output,
        Account account) {
    /** Copies its collections. */
    public HookSurroundings {
        environment = Map.copyOf(environment);
        values = Map.copyOf(values);
    }

    /** Hooks under Marina's own account. */
    public HookSurroundings(
            String owner,
            Path directory,
            Map<String, String> environment,
            Map<String, String> values,
            OutputSink output) {
        this(owner, directory, environment, values, output, Account.OWN);
    }
}
