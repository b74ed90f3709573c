package marina.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The newest lines of an output, for the message when its process fails: shortened, and without the control characters
 * that would spoil a terminal or a log. Thread-safe.
 */
final class LastLines {
    private static final int KEPT = 20;
    private static final int LONGEST = 500;
    private static final Pattern CONTROLS = Pattern.compile("\\e\\[[0-9;]*[A-Za-z]|\\p{Cntrl}");

    private final Deque<String> lines = new ArrayDeque<>(KEPT); // guarded by this

    void add(String line) {
        keep(line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line);
    }

    private synchronized void keep(String line) {
        if (lines.size() == KEPT) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    synchronized List<String> snapshot() {
        return lines.stream().map(line -> CONTROLS.matcher(line).replaceAll("")).toList();
    }
}
