package marina.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What visitors see when no application answers them; for the whole server, or what a context says differently.
 *
 * @param closed whether everything gets the maintenance page; empty where nothing is written: for the server no, for a
 *     context as the server
 * @param maintenancePage shown while closed, and while a context starts
 * @param errorPages for errors that Marina itself answers with
 */
public record PagesConfig(Optional<Boolean> closed, Optional<Path> maintenancePage, ErrorPages errorPages) {

    /** Nothing written. */
    public static final PagesConfig NONE = new PagesConfig(Optional.empty(), Optional.empty(), ErrorPages.NONE);

    /** Nothing written, and open. */
    static final PagesConfig OPEN = new PagesConfig(Optional.of(false), Optional.empty(), ErrorPages.NONE);

    /** Whether everything gets the maintenance page, as far as it is said here. */
    public boolean isClosed() {
        return closed.orElse(false);
    }

    /** What is said here, and for the rest there. */
    public PagesConfig over(PagesConfig other) {
        return new PagesConfig(
                closed.or(other::closed),
                maintenancePage.or(other::maintenancePage),
                errorPages.over(other.errorPages));
    }

    static PagesConfig read(Section s) {
        PathText paths = s.reading().paths();
        return s.section(
                "maintenance",
                maintenance -> new PagesConfig(
                        maintenance.has("enabled") ? Optional.of(maintenance.flag("enabled", false)) : Optional.empty(),
                        maintenance.value("page", paths::file),
                        ErrorPages.read(s, paths)));
    }

    /** Prints what is written; of the server also what is not. */
    void put(Map<String, Object> target, DumpText text, boolean ofServer) {
        Map<String, Object> maintenance = new LinkedHashMap<>();
        closed.ifPresent(isClosed -> maintenance.put("enabled", isClosed));
        maintenancePage.ifPresent(page -> maintenance.put("page", text.path(page)));
        Map<String, Object> errors = new TreeMap<>();
        errorPages.pages().forEach((status, page) -> errors.put(status, text.path(page)));
        if (ofServer || !maintenance.isEmpty()) {
            target.put("maintenance", maintenance);
        }
        if (ofServer || !errors.isEmpty()) {
            target.put("error_pages", errors);
        }
    }
}
