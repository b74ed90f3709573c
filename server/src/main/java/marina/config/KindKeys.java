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
            Map.entry("backup", STARTED),
            Map.entry("sessions", Set.of("war")),
            Map.entry("listings", Set.of("war")),
            Map.entry("max_form", Set.of("war")),
            Map.entry("session_timeout", Set.of("war")),
            Map.entry("welcome_files", Set.of("war")),
            Map.entry("parameters", Set.of("war")),
            Map.entry("mime", Set.of("war")),
            Map.entry("jars_to_skip", Set.of("war")),
            Map.entry("shared_classes", Set.of("war")),
            Map.entry("directory", Set.of("command")),
            Map.entry("strip_path", Set.of("command")),
            Map.entry("ready", STARTED),
            Map.entry("page_after", STARTED),
            Map.entry("idle_timeout", STARTED),
            Map.entry("stop_timeout", STARTED),
            Map.entry("min_instances", STARTED),
            Map.entry("instances", STARTED),
            Map.entry("rolling_restart", STARTED),
            Map.entry("websockets", STARTED),
            Map.entry("hooks", STARTED),
            Map.entry("migrate", STARTED),
            Map.entry("socket", STARTED),
            Map.entry("memory_limit", STARTED),
            Map.entry("user", STARTED),
            Map.entry("group", STARTED),
            Map.entry("inherit_env", STARTED),
            Map.entry("timeouts", Set.of("war", "command", "upstream")),
            Map.entry("sendfile", Set.of("command", "upstream")),
            Map.entry("env", Set.of("war", "command", "cgi")));

    /** Keys of a process: a WAR has one only with {@code isolation: process}. */
    private static final Set<String> OF_PROCESS =
            Set.of("socket", "memory_limit", "user", "group", "inherit_env", "instances");

    private static final Set<String> LIMITS_OF_PROCESS = Set.of("open_files", "processes");

    private KindKeys() {}

    /**
     * Checks a context with its app; what comes from defaults is meant for those whom it suits.
     *
     * @param merged the context with its app and the defaults
     */
    static void check(Value.Mapping context, Value.Mapping merged, Reading reading) {
        List<String> kinds = ContentReader.KINDS.stream()
                .filter(context.entries()::containsKey)
                .toList();
        if (kinds.size() != 1) {
            return;
        }
        String kind = kinds.get(0);
        boolean hosted = kind.equals("war") && isHosted(merged);
        checkLimits(context, kind, hosted, reading);
        checkHeaders(context, kind, hosted, reading);
        context.entries().forEach((name, entry) -> {
            if (!KINDS.getOrDefault(name, Set.of(kind)).contains(kind)) {
                reading.problem(entry.location(), entry.value().key(), "has no effect on " + kind + "; remove it");
            } else if (hosted && OF_PROCESS.contains(name)) {
                reading.problem(
                        entry.location(),
                        entry.value().key(),
                        "has no effect on a WAR in Marina's JVM; write isolation: process, or remove it");
            } else if (!hosted && name.equals("shared_classes")) {
                reading.problem(
                        entry.location(),
                        entry.value().key(),
                        "has no effect on a WAR in a JVM of its own; remove it, or isolation: process");
            }
        });
    }

    /** Of the limits of a context, some are of its requests and some of its process. */
    private static void checkLimits(Value.Mapping context, String kind, boolean hosted, Reading reading) {
        Value.Entry limits = context.entries().get("limits");
        boolean process = STARTED.contains(kind) && !hosted;
        if (process || limits == null || !(limits.value() instanceof Value.Mapping mapping)) {
            return;
        }
        mapping.entries().forEach((name, entry) -> {
            if (LIMITS_OF_PROCESS.contains(name)) {
                reading.problem(
                        entry.location(),
                        entry.value().key(),
                        hosted
                                ? "has no effect on a WAR in Marina's JVM; write isolation: process, or remove it"
                                : "has no effect on " + kind + "; remove it");
            }
        });
    }

    private static void checkHeaders(Value.Mapping context, String kind, boolean hosted, Reading reading) {
        Value.Entry headers = context.entries().get("headers");
        boolean forwards = (STARTED.contains(kind) && !hosted) || kind.equals("upstream");
        if (forwards || headers == null || !(headers.value() instanceof Value.Mapping mapping)) {
            return;
        }
        Value.Entry request = mapping.entries().get("request");
        if (request != null) {
            reading.problem(
                    request.location(),
                    request.value().key(),
                    "has no effect on " + (hosted ? "a WAR in Marina's JVM" : kind)
                            + ", to which nothing is forwarded; remove it");
        }
    }

    private static boolean isHosted(Value.Mapping war) {
        Value.Entry isolation = war.entries().get("isolation");
        return isolation == null
                || (isolation.value() instanceof Value.Scalar scalar
                        && (scalar.isNull() || scalar.text().equals("none")));
    }
}
