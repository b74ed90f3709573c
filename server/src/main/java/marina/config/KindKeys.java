package marina.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which keys mean something for which kinds; elsewhere they would be ignored, so they are problems there. */
final class KindKeys {
    private static final Set<String> STARTED = Set.of("war", "command");
    private static final Map<String, Set<String>> KINDS = Map.ofEntries(
            Map.entry("isolation", Set.of("war")),
            Map.entry("ee", Set.of("war")),
            Map.entry("database", Set.of("war")),
            Map.entry("directory", Set.of("command")),
            Map.entry("strip_path", Set.of("command")),
            Map.entry("ready", STARTED),
            Map.entry("page_after", STARTED),
            Map.entry("idle_timeout", STARTED),
            Map.entry("stop_timeout", STARTED),
            Map.entry("min_instances", STARTED),
            Map.entry("websockets", STARTED),
            Map.entry("hooks", STARTED),
            Map.entry("socket", STARTED),
            Map.entry("memory_limit", STARTED),
            Map.entry("user", STARTED),
            Map.entry("group", STARTED),
            Map.entry("inherit_env", STARTED),
            Map.entry("sendfile", Set.of("command", "upstream")),
            Map.entry("env", Set.of("war", "command", "cgi")));

    private KindKeys() {}

    /** Checks a context with its app; what comes from defaults is meant for those whom it suits. */
    static void check(Value.Mapping context, Reading reading) {
        List<String> kinds = ContentReader.KINDS.stream()
                .filter(context.entries()::containsKey)
                .toList();
        if (kinds.size() != 1) {
            return;
        }
        String kind = kinds.get(0);
        context.entries().forEach((name, entry) -> {
            if (!KINDS.getOrDefault(name, Set.of(kind)).contains(kind)) {
                reading.problem(entry.location(), entry.value().key(), "has no effect on " + kind + "; remove it");
            }
        });
    }
}
