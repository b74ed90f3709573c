package marina.host;

import java.util.List;
import java.util.stream.Stream;

/**
 * What became of a reload, or of the restart of a context.
 *
 * @param succeeded whether what runs is now what was asked for
 * @param messages what was done, or every problem; for the operator
 */
public record ReloadOutcome(boolean succeeded, List<String> messages) {
    /** Copies its list. */
    public ReloadOutcome {
        messages = List.copyOf(messages);
    }

    /** This outcome with further problems; with none it stays as it is. */
    ReloadOutcome with(List<String> problems) {
        return new ReloadOutcome(
                succeeded && problems.isEmpty(),
                Stream.concat(messages.stream(), problems.stream()).toList());
    }
}
