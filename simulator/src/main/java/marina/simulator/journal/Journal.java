package marina.simulator.journal;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.util.ajax.JSON;

/** Writes each event as a line of JSON and keeps the last ones. Thread-safe. */
public final class Journal {

    private static final int KEPT = 5_000;

    private final PrintStream out;
    private final JSON json = new JSON();
    private final Deque<Map<String, Object>> last = new ArrayDeque<>(); // guarded by last
    private long sequence; // guarded by last

    /** Writes to a stream that its owner closes. */
    public Journal(PrintStream out) {
        this.out = out;
    }

    /** Takes note of an event: gives it the next number ({@code seq}) and the time. */
    public void add(Event event) {
        Map<String, Object> entry = new LinkedHashMap<>();
        synchronized (last) {
            entry.put("seq", ++sequence);
            entry.put("time", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
            entry.putAll(event.fields());
            last.addLast(entry);
            if (last.size() > KEPT) {
                last.removeFirst();
            }
        }
        out.println(json.toJSON(entry));
    }

    /** The events after a number that fit, oldest first; at most the last 5000 are known. */
    public List<Map<String, Object>> after(long number, Predicate<Map<String, Object>> wanted) {
        List<Map<String, Object>> found = new ArrayList<>();
        synchronized (last) {
            for (Map<String, Object> entry : last) {
                if (entry.get("seq") instanceof Long seq && seq > number && wanted.test(entry)) {
                    found.add(entry);
                }
            }
        }
        return found;
    }
}
