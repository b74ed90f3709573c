package marina.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest lines of an output, for the message when its process fails. Thread-safe. */
final class LastLines {
    private static final int KEPT = 20;

    private final Deque<String> lines = new ArrayDeque<>(KEPT); // guarded by this

    synchronized void add(String line) {
        if (lines.size() == KEPT) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    synchronized List<String> snapshot() {
        return List.copyOf(lines);
    }
}
