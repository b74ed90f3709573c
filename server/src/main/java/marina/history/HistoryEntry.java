package marina.history;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One configuration that is kept.
 *
 * @param number by which operators name it; later ones have higher numbers
 * @param at when it was applied, or kept
 * @param cause why: {@code start}, {@code file change}, {@code SIGHUP}, {@code hook}, {@code command}, {@code rollback to 3}
 * @param changed what was different from the one before, a line each, secrets masked
 * @param applied whether it ran; else the files lay there, and a rollback has replaced them
 * @param serverFile the server file, absolute
 */
public record HistoryEntry(
        int number, Instant at, String cause, List<String> changed, boolean applied, Path serverFile) {

    /** Copies its list. */
    public HistoryEntry {
        changed = List.copyOf(changed);
    }

    /**
     * As it is shown to programs.
     *
     * @param current whether it is the one that runs
     */
    public Map<String, Object> toMap(boolean current) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("number", number);
        map.put("at", at.toString());
        map.put("cause", cause);
        map.put("changed", changed.toArray());
        map.put("applied", applied);
        map.put("current", current);
        return map;
    }
}
