package marina.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The operator's own pages for errors that Marina itself answers with.
 *
 * @param pages by status, {@code 404}, or by its class, {@code 5xx}
 */
public record ErrorPages(Map<String, Path> pages) {
    /** Built-in pages only. */
    public static final ErrorPages NONE = new ErrorPages(Map.of());

    /** Copies its map. */
    public ErrorPages {
        pages = Map.copyOf(pages);
    }

    /** The page for a status: its own, else that of its class. */
    public Optional<Path> of(int status) {
        if (pages.isEmpty()) {
            return Optional.empty();
        }
        Path own = pages.get(Integer.toString(status));
        return Optional.ofNullable(own != null ? own : pages.get(status / 100 + "xx"));
    }

    /** These, and for statuses that have none the others: what is said of a class here hides a status there. */
    ErrorPages over(ErrorPages others) {
        if (pages.isEmpty() || others.pages.isEmpty()) {
            return pages.isEmpty() ? others : this;
        }
        Map<String, Path> all = new TreeMap<>(others.pages);
        all.keySet().removeIf(status -> pages.containsKey(status.charAt(0) + "xx"));
        all.putAll(pages);
        return new ErrorPages(all);
    }

    static ErrorPages read(Section s, PathText paths) {
        Map<String, Path> pages = new TreeMap<>();
        s.entries("error_pages").forEach((status, entry) -> {
            if (!status.matches("[45][0-9][0-9]|[45]xx")) {
                s.reading().problem(entry.location(), entry.value().key(), "is no status; write e.g. 404 or 5xx");
            }
            s.parse(entry.value(), paths::file).ifPresent(page -> pages.put(status, page));
        });
        return new ErrorPages(pages);
    }
}
