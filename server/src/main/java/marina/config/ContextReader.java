package marina.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one context, after defaults and app have been merged under it. */
final class ContextReader {
    private static final int MOST_INSTANCES = 64;

    /** Of {@code ready.status}. */
    static final String ANY = "any";

    static final String DATABASE_URL = "DATABASE_URL";

    private final Reading reading;
    private final Scope serverScope;
    private final AccessConfig serverAccess;
    private final TrafficLimits serverTraffic;
    private final WebReader webReader;

    ContextReader(
            Reading reading,
            Scope serverScope,
            AccessConfig serverAccess,
            TrafficLimits serverTraffic,
            ErrorPages serverPages) {
        this.reading = reading;
        this.serverScope = serverScope;
        this.serverAccess = serverAccess;
        this.serverTraffic = serverTraffic;
        this.webReader = new WebReader(reading, serverAccess, serverPages);
    }

    /** Reads a context; empty when problems were found that leave nothing to mount. */
    Optional<ContextConfig> read(ContextPath path, SourceLocation source, Value.Mapping merged) {
        Scope scope = serverScope.ofContext(path, vars(merged));
        return Section.read(merged, scope, reading, s -> context(s, path, source));
    }

    /** Checks defaults or an app as far as it can be done without a context. */
    void check(Value.Mapping definition) {
        Section.read(definition, serverScope.ofApp(), reading, s -> {
            vars(definition);
            return context(s, ContextPath.ROOT, definition.location());
        });
    }

    private Optional<ContextConfig> context(Section s, ContextPath path, SourceLocation source) {
        s.entries("vars");
        if (s.scope().isComplete()) {
            s.has("app");
        }
        ContentReader contentReader = new ContentReader(s);
        String kind = contentReader.kind().orElse("");
        boolean hosted = kind.equals("war") && !"process".equals(s.text("isolation", "none"));
        Limited limited = s.section("limits", limits -> limited(s, limits));
        ProcessConfig process = limited.process;
        boolean starts = kind.equals("command") || (kind.equals("war") && !hosted);
        boolean known = starts || kind.isEmpty();
        Set<String> late = known ? Set.of(process.socket() ? "socket" : "port") : Set.of();

        Map<String, Template> env = env(s, late);
        DatabaseConfig database = database(s, kind, path, env);
        String url = kind.equals("war") ? database.url() : databaseUrl(env);
        BackupConfig backup = BackupConfig.read(s, kind, url);
        if (kind.equals("command") && !process.socket()) {
            env.putIfAbsent("PORT", new Template(List.of("", ""), List.of("port")));
        }
        // Sessions in memory would be lost.
        boolean keep = kind.equals("war") && contentReader.sessions() == SessionPlace.MEMORY;
        LifecyclePolicy lifecycle = lifecycle(s, hosted, keep);
        ContextHooks hooks = HookReader.ofContext(s, late);
        AccessConfig read = AccessReader.withSendfile(s, AccessReader.read(s, serverAccess, path));
        AccessConfig access = known || kind.equals("upstream") ? read : AccessReader.withoutRequestHeaders(read);
        PlacementConfig placement = PlacementReader.placement(s);
        PagesConfig pages = PagesConfig.read(s);
        Optional<Content> content = contentReader.read(
                kind,
                database,
                webReader.read(s, access, pages),
                late,
                access.auth().enabled());
        if (kind.equals("war") || kind.equals("command")) {
            ProcessConfig own = hosted ? ProcessConfig.DEFAULT : process;
            return content.map(what -> new ContextConfig(
                    path, source, what, env, lifecycle, hooks, own, access, placement, limited.traffic, pages, backup));
        }
        // Defaults that are meant for other kinds must not make their change look like a change of this context.
        Map<String, Template> ownEnv = kind.equals("cgi") ? env : Map.of();
        return content.map(
                what -> new ContextConfig(path, source, what, ownEnv).with(access, placement, limited.traffic, pages));
    }

    private Limited limited(Section s, Section limits) {
        return new Limited(ProcessReader.read(s, limits), TrafficReader.context(s, limits, serverTraffic));
    }

    /** Two matters whose limits stand in one mapping. */
    private record Limited(ProcessConfig process, TrafficConfig traffic) {}

    private Map<String, String> vars(Value.Mapping merged) {
        Map<String, String> vars = new LinkedHashMap<>();
        Value.Entry written = merged.entries().get("vars");
        if (written != null && written.value() instanceof Value.Mapping mapping) {
            mapping.entries().forEach((name, entry) -> {
                if (entry.value() instanceof Value.Scalar scalar) {
                    if (!scalar.isNull()) {
                        vars.put(name, scalar.text());
                    }
                } else {
                    reading.problem(
                            entry.value(), entry.value().describe() + " stands where a single value is expected");
                }
            });
        }
        return vars;
    }

    static Map<String, Template> env(Section s, Set<String> late) {
        Map<String, Template> env = s.templates("env", late);
        s.entries("env").forEach((name, entry) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                s.reading().problem(entry.location(), entry.value().key(), "is no name of a variable");
            }
        });
        return env;
    }

    /** The database of a WAR; what is in effect is also put into its env. */
    private static DatabaseConfig database(Section s, String kind, ContextPath path, Map<String, Template> env) {
        TextParser<String> form = s.scope().isComplete() ? DatabaseUrl.of(path) : text -> text;
        Optional<String> inEnv = kind.equals("war") ? fromEnv(s, form) : Optional.empty();
        DatabaseConfig database = s.section(
                "database",
                section -> new DatabaseConfig(
                        section.value("url", form).or(() -> inEnv).orElseGet(() -> DatabaseUrl.defaultOf(path)),
                        section.number("pool_size", 1, 1_000, 5),
                        section.value("jndi", ContextReader::jndiName, "jdbc/default")));
        if (kind.equals("war")) {
            env.putIfAbsent(DATABASE_URL, Template.literal(database.url()));
        }
        return database;
    }

    private static String databaseUrl(Map<String, Template> env) {
        return env.getOrDefault(DATABASE_URL, Template.literal("")).expand(Map.of("port", "", "socket", ""));
    }

    private static Optional<String> fromEnv(Section s, TextParser<String> form) {
        Value.Entry entry = s.entries("env").get(DATABASE_URL);
        if (entry == null || (entry.value() instanceof Value.Scalar scalar && scalar.isNull())) {
            return Optional.empty();
        }
        return s.parse(entry.value(), form);
    }

    private static String jndiName(String text) {
        if (!text.matches("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*") || text.startsWith("java:")) {
            throw BadText.of("is no name below java:comp/env; write e.g. jdbc/default");
        }
        return text;
    }

    private static LifecyclePolicy lifecycle(Section s, boolean hosted, boolean keep) {
        Ready ready = s.section(
                "ready",
                section -> new Ready(
                        section.value("path", Texts::requestPath, LifecyclePolicy.DEFAULT.readyPath()),
                        section.value("status", ContextReader::readyStatus, LifecyclePolicy.DEFAULT.readyStatus()),
                        section.value("timeout", ContextReader::positive, LifecyclePolicy.DEFAULT.readyTimeout())));
        boolean hold = s.value("websockets", ContextReader::hold, LifecyclePolicy.DEFAULT.websocketsHold());
        LifecyclePolicy absent = LifecyclePolicy.DEFAULT;
        // Defaults may be meant for others: inside this JVM there is one instance.
        int instances = Math.min(hosted ? 1 : MOST_INSTANCES, s.number("instances", 1, MOST_INSTANCES, 1));
        int minInstances = Math.min(hosted ? 1 : MOST_INSTANCES, s.number("min_instances", 0, MOST_INSTANCES, 0));
        if (minInstances > instances && s.scope().isComplete()) {
            s.problem("min_instances", "is more than instances: " + instances);
        }
        return new LifecyclePolicy(
                ready.path,
                ready.status,
                ready.timeout,
                s.value("page_after", DurationText::parse, absent.pageAfter()),
                s.value("idle_timeout", DurationText::parse, keep ? Duration.ZERO : absent.idleTimeout()),
                s.value("stop_timeout", DurationText::parse, absent.stopTimeout()),
                minInstances,
                hold,
                instances,
                s.flag("rolling_restart", absent.rollingRestart()));
    }

    private static int readyStatus(String text) {
        return text.equals(ANY) ? LifecyclePolicy.ANY_STATUS : Texts.number(text, 100, 599);
    }

    private static Duration positive(String text) {
        Duration duration = DurationText.parse(text);
        if (duration.isZero()) {
            throw BadText.of("would end every start at once; write e.g. 30s");
        }
        return duration;
    }

    static boolean hold(String text) {
        List<String> choices = List.of("hold", "ignore");
        if (!choices.contains(text)) {
            throw Texts.notOneOf(choices, text);
        }
        return text.equals("hold");
    }

    /** The three settings of readiness, on their way into a {@link LifecyclePolicy}. */
    private record Ready(String path, int status, Duration timeout) {}
}
