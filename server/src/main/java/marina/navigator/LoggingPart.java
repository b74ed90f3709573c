package marina.navigator;

import java.util.Optional;

/** {@code logging}. Used by one thread. */
final class LoggingPart {
    private static final String APP = "{{app}}";

    private final Report report;
    private final Names names;
    private final Places places;
    private final CablePart cable;

    LoggingPart(Report report, Names names, Places places, CablePart cable) {
        this.report = report;
        this.names = names;
        this.places = places;
        this.cable = cable;
    }

    /** Puts {@code log}: the access log has always been JSON, with fields of its own. */
    void put(Written file, Tree tree) {
        Written logging = file.section("logging");
        Tree log = new Tree(logging.mapping());
        logging.text("format").ifPresent(format -> {
            if (format.text().equals("json") || format.text().equals("text")) {
                log.put("format", format.text(), format);
            } else {
                report.warn(format, format.describe() + " is neither text nor json; text is in effect");
            }
        });
        log.put("access", "navigator");
        logging.text("file").ifPresent(written -> {
            Optional<String> folder = folder(names.ofServer(written));
            folder.ifPresent(path -> log.put("directory", places.path(path), written));
            report.note(
                    written,
                    "tells the folder of all logs; in it, each tenant has contexts/PATH.log, which is rotated");
        });
        cable.vector(logging.section("vector"), log);
        logging.finish();
        tree.put("log", log);
    }

    /** The folder in which files of applications lie: what stands before the first part with the application's name. */
    private static Optional<String> folder(String pattern) {
        int app = pattern.indexOf(APP);
        int slash = pattern.lastIndexOf('/', app < 0 ? pattern.length() : app);
        return slash > 0 ? Optional.of(pattern.substring(0, slash)) : Optional.empty();
    }
}
