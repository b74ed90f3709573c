package marina.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which value of the configuration in effect comes from where: from a place in a file, or from nowhere, which is the default.
 * Made anew for each question.
 */
public final class ConfigOrigins {
    private static final String DEFAULT = "default";

    private final Map<String, SourceLocation> written = new HashMap<>();
    private final Map<String, String> apps = new HashMap<>();

    private ConfigOrigins() {}

    /**
     * A value in effect.
     *
     * @param key in full: {@code contexts./shop.idle_timeout}
     * @param value a text, number or boolean, or a list; secrets masked
     * @param origin {@code conf/server.yml:12:3}, or {@code default}
     */
    public record Configured(String key, Object value, String origin) {}

    /**
     * All values of the server, or of one context.
     *
     * @param config what is in effect
     * @param server the server file in Marina's form
     * @param context the only context to tell of; empty for the server without its contexts
     */
    public static List<Configured> of(
            ServerConfig config, Value.Mapping server, Directories directories, Optional<ContextPath> context) {
        ConfigOrigins origins = new ConfigOrigins();
        origins.learn("", server);
        Reading reading = new Reading(directories, Accounts.ofThisMachine(Map.of()));
        new ContextFiles(reading, Recollection.none())
                .read(config.basePath())
                .forEach(source -> origins.learn("contexts." + source.path(), source.written()));
        DumpText text = new DumpText(directories);
        Map<String, Object> dumped;
        String prefix = "";
        if (context.isPresent()) {
            ContextConfig one = config.contexts().get(context.get());
            dumped = one == null ? Map.of() : new ContextDump(text, config).dump(one);
            prefix = "contexts." + context.get();
        } else {
            dumped = new LinkedHashMap<>(new ServerDump(text).dump(config));
            dumped.remove("contexts");
        }
        List<Configured> values = new ArrayList<>();
        origins.collect(prefix, dumped, values);
        return values;
    }

    /** Remembers where each value is written. */
    private void learn(String key, Value value) {
        if (value instanceof Value.Mapping mapping) {
            mapping.entries().forEach((name, entry) -> learn(key.isEmpty() ? name : key + "." + name, entry.value()));
        } else {
            written.put(key, value.location());
            if (value instanceof Value.Scalar scalar && key.startsWith("contexts.") && key.endsWith(".app")) {
                apps.put(key.substring(0, key.length() - ".app".length()), scalar.text());
            }
        }
    }

    private void collect(String key, Object value, List<Configured> values) {
        if (value instanceof Map<?, ?> map) {
            map.forEach(
                    (name, below) -> collect(key.isEmpty() ? String.valueOf(name) : key + "." + name, below, values));
        } else {
            values.add(new Configured(key, value, origin(key)));
        }
    }

    /** The place of the value, or of one that stands for it: {@code listen: 8080} for {@code listen.port}. */
    private String origin(String key) {
        for (String candidate : candidates(key)) {
            for (String part = candidate; !part.isEmpty(); part = above(part)) {
                SourceLocation place = written.get(part);
                if (place != null) {
                    return place.toString();
                }
            }
        }
        return DEFAULT;
    }

    /** Of a context also what it has from its app, and what all contexts have. */
    private List<String> candidates(String key) {
        List<String> candidates = new ArrayList<>(List.of(key));
        if (key.startsWith("contexts./")) {
            int dot = key.indexOf('.', "contexts./".length());
            String context = dot < 0 ? key : key.substring(0, dot);
            String own = dot < 0 ? "" : key.substring(dot);
            String app = apps.get(context);
            if (app != null) {
                candidates.add("apps." + app + own);
            }
            candidates.add("defaults" + own);
        }
        return candidates;
    }

    private static String above(String key) {
        int dot = key.lastIndexOf('.');
        return dot < 0 ? "" : key.substring(0, dot);
    }
}
