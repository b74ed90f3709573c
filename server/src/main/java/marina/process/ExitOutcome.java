package marina.process;

import java.util.List;

/**
 * How a process ended.
 *
 * @param status exit status, or 128 + signal number as shells count
 * @param lastLines the last lines that it printed, oldest first, at most 20
 */
public record ExitOutcome(int status, List<String> lastLines) {
    /** Copies its list. */
    public ExitOutcome {
        lastLines = List.copyOf(lastLines);
    }

    /** {@code exit status 3} or {@code killed by SIGKILL}. */
    public String describe() {
        throw new UnsupportedOperationException();
    }
}
