package marina.export;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import marina.config.AccessConfig;
import marina.config.Bots;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.HeadersConfig;
import marina.config.PublicConfig;
import marina.config.ServerConfig;
import marina.config.Template;
import marina.files.CacheRules;
import marina.files.MediaTypes;

/**
 * The configuration as the Worker needs it: where contexts live, what needs no password, which files there are. Made once;
 * for one thread.
 */
final class EdgeTable {
    private final ServerConfig config;
    private final EdgePlaces places;
    private final EdgeDoors doors;
    private final List<PublicSite> sites = new ArrayList<>();
    private final Map<String, Object> table = new LinkedHashMap<>();

    /**
     * Reads the public files of a configuration.
     *
     * @param origin where Marina answers: scheme, host and perhaps port
     * @param app the Fly app that answers there; empty when it is none
     * @throws ExportException when a part of the configuration cannot be told to the Worker
     */
    EdgeTable(ServerConfig config, URI origin, String app) throws ExportException, IOException {
        this.config = config;
        this.places = new EdgePlaces(app);
        this.doors = new EdgeDoors(config);
        table.put("origin", origin.toString());
        table.put("base", config.basePath().isRoot() ? "" : config.basePath().value());
        table.put(
                "unguarded",
                config.health().path().isEmpty()
                        ? List.of()
                        : List.of(config.health().path()));
        table.put("site", site(config.access().publicFiles(), config.basePath(), true));
        table.put("outside", context(config.access()));
        Map<String, Object> contexts = new TreeMap<>();
        for (ContextConfig context : config.contexts().values()) {
            contexts.put(context.path().value(), context(context));
        }
        table.put("contexts", contexts);
        table.put("routes", new EdgeRoutes(places).of(config.routes()));
        table.put("auth", doors.table());
        table.put("fields", fields(config.access().delivery().headers()));
        if (!config.hsts().maxAge().isZero()) {
            table.put("hsts", config.hsts().value());
        }
        table.put("crawlers", crawlers());
        table.put("sites", sites.stream().map(EdgeTable::describe).toList());
        table.put("types", types());
    }

    /** As a literal of JavaScript. */
    String text() {
        return JsonText.of(table);
    }

    /** The files that the table names, each once. */
    List<PublicSite> sites() {
        return List.copyOf(sites);
    }

    private Map<String, Object> context(ContextConfig context) throws IOException, ExportException {
        Map<String, Object> entry = context(context.access());
        Map<String, Object> place = places.of(context.placement());
        if (!place.isEmpty()) {
            entry.put("place", place);
        }
        List<Integer> numbers = new ArrayList<>();
        if (context.access().publicFiles().enabled()) {
            numbers.add(site(context.access().publicFiles(), context.path(), false));
        }
        if (context.content() instanceof Content.Files files) {
            numbers.add(site(files.site(), context.path(), false));
            entry.put("content", numbers.get(numbers.size() - 1));
        }
        if (!numbers.isEmpty()) {
            entry.put("sites", numbers);
        }
        if (context.pages().over(config.pages()).isClosed()) {
            entry.put("closed", true);
        }
        List<Object> fields = fields(context.access().delivery().headers());
        if (!fields.isEmpty()) {
            entry.put("fields", fields);
        }
        return entry;
    }

    private Map<String, Object> context(AccessConfig access) throws ExportException {
        Map<String, Object> entry = new LinkedHashMap<>();
        if (access.auth().enabled()) {
            entry.put("auth", doors.number(access.auth()));
        }
        // What an application answers and what a route does is not known at the edge: the server tells them apart.
        if (access.bots() == Bots.REJECT || access.bots() == Bots.PUBLIC_ONLY) {
            entry.put("bots", access.bots() == Bots.REJECT ? "reject" : "public_only");
        }
        return entry;
    }

    /** The number of a site; -1 for none. */
    private int site(PublicConfig files, ContextPath at, boolean ofServer) throws IOException {
        if (!files.enabled()) {
            return -1;
        }
        String prefix = files.prefixOr(at.isRoot() ? "" : at.value());
        sites.add(PublicSite.scan(
                files,
                prefix,
                path -> doors.isOpen(prefix + path) || (ofServer && !prefix.isEmpty() && doors.isOpen(path))));
        return sites.size() - 1;
    }

    private static Map<String, Object> describe(PublicSite site) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("prefix", site.prefix());
        entry.put("names", site.names());
        entry.put("suffixes", site.suffixes());
        entry.put("slash", site.config().trailingSlash());
        List<Object> cache = new ArrayList<>();
        for (CacheRules.Rule rule : site.cacheRules()) {
            cache.add(List.of(rule.prefix(), rule.field(true)));
        }
        entry.put("cache", cache);
        Map<String, Object> files = new LinkedHashMap<>();
        for (PublicFile file : site.files()) {
            List<Object> facts = new ArrayList<>(List.of(file.hash(), file.size(), file.modifiedSeconds()));
            if (!file.direct()) {
                facts.add(1);
            }
            files.put(file.path(), facts);
        }
        entry.put("files", files);
        return entry;
    }

    private Map<String, Object> types() {
        Map<String, Object> types = new TreeMap<>();
        for (PublicSite site : sites) {
            for (PublicFile file : site.files()) {
                String extension = MediaTypes.extension(file.path());
                String type = MediaTypes.ofFile(file.path());
                if (!type.isEmpty()) {
                    types.put(extension, type);
                }
            }
        }
        return types;
    }

    private static List<Object> fields(HeadersConfig headers) {
        return headers.response().entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .<Object>map(field -> List.of(field.getKey(), parts(field.getValue())))
                .toList();
    }

    private static List<Object> parts(Template template) {
        List<Object> parts = new ArrayList<>(List.of(template.literals().get(0)));
        for (int i = 0; i < template.names().size(); i++) {
            parts.add(Map.of("name", template.names().get(i)));
            parts.add(template.literals().get(i + 1));
        }
        return parts;
    }

    private List<String> crawlers() throws ExportException, IOException {
        boolean needed = config.access().bots() != Bots.ALLOW
                || config.contexts().values().stream()
                        .anyMatch(one -> one.access().bots() != Bots.ALLOW);
        return needed ? EdgeCrawlers.patterns() : List.of();
    }
}
