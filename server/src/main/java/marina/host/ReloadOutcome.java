package marina.host;

import java.util.List;

/**
 * What became of a reload.
 *
 * @param succeeded whether the running configuration is now the one in the files
 * @param messages what was done, or every problem; for the operator
 */
public record ReloadOutcome(boolean succeeded, List<String> messages) {
    /** Copies its list. */
    public ReloadOutcome {
        messages = List.copyOf(messages);
    }
}
