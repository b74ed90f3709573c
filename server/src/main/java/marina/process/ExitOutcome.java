package marina.process;

import java.util.List;
import java.util.Map;

/**
 * How a process ended.
 *
 * @param status exit status, or 128 + signal number as shells count
 * @param lastLines the last lines that it printed, oldest first, at most 20
 * @param cause in the operator's words, when more is known than the status says; else empty
 */
public record ExitOutcome(int status, List<String> lastLines, String cause) {
    /** The status of a process that SIGKILL ended. */
    static final int KILLED = 137;

    private static final int SIGNALLED = 128;

    /** The signals that end a process by default and have the same number on every Unix. */
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"));

    /** Copies its list. */
    public ExitOutcome {
        lastLines = List.copyOf(lastLines);
    }

    /** An end of which no more is known. */
    public ExitOutcome(int status, List<String> lastLines) {
        this(status, lastLines, "");
    }

    /** Whether a signal has ended it, or its own report of one. */
    public boolean isCrash() {
        return !cause.isEmpty() || SIGNALS.containsKey(status - SIGNALLED);
    }

    /** {@code exit status 3}, {@code killed by SIGKILL} or {@code killed for memory: 531M used, memory_limit 512M}. */
    public String describe() {
        if (!cause.isEmpty()) {
            return cause;
        }
        String signal = SIGNALS.get(status - SIGNALLED);
        return signal == null ? "exit status " + status : "killed by " + signal;
    }
}
