package marina.host;

import java.util.List;

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
}
