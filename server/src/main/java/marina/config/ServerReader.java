package marina.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** Reads the top level of the server file, all but the contexts. */
final class ServerReader {
    private static final Pattern SERVICE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

    private static final int MOST_LINES = 1_000_000;
    private static final int MOST_FILES = 10_000;
    private static final int LONGEST_SOCKET = 103;

    private final Section section;
    private final PathText paths;
    private final LimitsReader limits;

    ServerReader(Section section) {
        this.section = section;
        paths = section.reading().paths();
        limits = LimitsReader.read(section);
    }

    ContextPath basePath() {
        return section.value("base_path", Texts::contextPath, ContextPath.ROOT);
    }

    TrafficLimits traffic() {
        return limits.config().traffic();
    }

    AccessConfig access() {
        return AccessReader.read(section, AccessConfig.OPEN, basePath());
    }

    /** Reads everything that is not a context. */
    ServerConfig read(PathMap<ContextConfig> contexts, SortedMap<ContextPath, List<ContextConfig>> olderVersions) {
        return new ServerConfig(
                listen(),
                new HostNames(section.list("hosts", HostNames::name)),
                health(),
                PagesConfig.read(section).over(PagesConfig.OPEN),
                section.section("hooks", HookReader::ofServer),
                section.section("log", this::log),
                contexts,
                olderVersions,
                basePath(),
                section.section("admin", AdminReader::read),
                section.section("jmx", JmxReader::read),
                trustedProxies(),
                access(),
                RouteReader.read(section, access().auth().enabled()),
                section.named("services", this::service),
                limits.with(contexts.values(), context -> PlacementReader.mayLiveHere(context.placement(), section)),
                section.section("idle", ServerReader::idle),
                section.section("fleet", FleetReader::read),
                EdgeReader.hsts(section),
                EdgeReader.drain(section),
                section.section("cable", CableReader::read),
                section.section("metrics", TelemetryReader::metrics),
                section.section("tracing", TelemetryReader::tracing));
    }

    private List<ListenConfig> listen() {
        if (!section.has("listen")) {
            return List.of(new ListenConfig("", 8080, section.mapping().location()));
        }
        if (section.items("listen").isEmpty()) {
            section.problem("listen", "is empty, so nobody could reach the server; write e.g. 8080");
        }
        return ListenReader.read(section, "listen");
    }

    private HealthConfig health() {
        boolean isText =
                section.written("health").filter(Value.Scalar.class::isInstance).isPresent();
        if (isText) {
            section.value("health", text -> {
                if (Texts.flag(text)) {
                    throw BadText.of("says nothing; write e.g. health: { path: /up }, or false for no health check");
                }
                return false;
            });
            return HealthConfig.NONE;
        }
        return section.section(
                "health",
                s -> new HealthConfig(
                        s.value("path", Texts::requestPath, "/up"),
                        s.number("status", 200, 599, 200),
                        s.text("body", "OK"),
                        HeaderReader.complete(s, "headers")));
    }

    private LogConfig log(Section s) {
        return new LogConfig(
                s.value("format", Texts.choice(LogConfig.Format.class), LogConfig.Format.TEXT),
                s.value("access", ServerReader::accessFormat, "combined"),
                s.section("access_file", ServerReader::accessFile),
                s.value(
                        "directory",
                        paths::any,
                        section.reading().directories().base().resolve("logs")),
                s.section("vector", this::vector));
    }

    private static AccessFileConfig accessFile(Section s) {
        AccessFileConfig usual = AccessFileConfig.DEFAULT;
        return new AccessFileConfig(
                s.value("name", ServerReader::fileName, usual.name()),
                s.flag("daily", usual.daily()),
                s.value("size", SizeText::parse, usual.size()),
                s.number("keep", 0, MOST_FILES, usual.keep()),
                s.flag("compress", usual.compress()));
    }

    private static String fileName(String text) {
        if (text.isBlank() || text.contains("/") || text.equals("..") || text.equals(".")) {
            throw BadText.of(
                    "is no name of a file below log.directory; write e.g. access.log, or - for standard output");
        }
        return text;
    }

    private VectorConfig vector(Section s) {
        VectorConfig vector = new VectorConfig(
                s.value("socket", text -> socket(paths.any(text)), Path.of("")),
                s.value("config", paths::file, Path.of("")),
                s.value("program", Texts::notEmpty, VectorConfig.SERVICE),
                s.number("queue", 1, MOST_LINES, 8192));
        if (vector.isStarted() && !vector.enabled()) {
            s.problem(
                    "config",
                    "is for a Vector that would get nothing; write the socket it listens on: socket: run/vector.sock");
        }
        if (vector.isStarted() && section.entries("services").containsKey(VectorConfig.SERVICE)) {
            s.problem("config", "makes a service \"vector\", and services has one; remove one of them");
        }
        return vector;
    }

    /** A name that is longer does not fit into the address of a Unix socket. */
    private static Path socket(Path path) {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET) {
            throw BadText.of("is too long for a Unix socket: " + path + " has more than " + LONGEST_SOCKET + " bytes");
        }
        return path;
    }

    private static String accessFormat(String text) {
        List<String> names = List.of("combined", "common", "json", LogConfig.NAVIGATOR, "off");
        if (!names.contains(text) && text.indexOf('%') < 0) {
            throw BadText.of(
                    "is neither one of combined, common, json, navigator and off, nor a format such as \"%{client}a %r %s\""
                            + Suggestion.among(names, text));
        }
        if (!names.contains(text)) {
            AccessPattern.parse(text);
        }
        return text;
    }

    private TrustedProxies trustedProxies() {
        Set<TrustedProxies.Known> known = EnumSet.noneOf(TrustedProxies.Known.class);
        List<Cidr> networks = section
                .list("trusted_proxies", text -> {
                    for (TrustedProxies.Known one : TrustedProxies.Known.values()) {
                        if (Texts.choiceName(one).equals(text)) {
                            known.add(one);
                            return Optional.<Cidr>empty();
                        }
                    }
                    return Optional.of(Cidr.parse(text));
                })
                .stream()
                .flatMap(Optional::stream)
                .toList();
        return new TrustedProxies(known, networks);
    }

    private Optional<ServiceConfig> service(String name, Section s) {
        List<Template> command = s.command("command", Set.of());
        Path directory = s.value("directory", paths::directory, paths.root());
        Map<String, Template> env = s.templates("env", Set.of());
        boolean inheritEnv = s.flag("inherit_env", false);
        ServiceConfig.Restart restart =
                s.value("restart", Texts.choice(ServiceConfig.Restart.class), ServiceConfig.Restart.ALWAYS);
        Duration startDelay = s.value("start_delay", DurationText::parse, Duration.ZERO);
        Duration stopTimeout = s.value("stop_timeout", DurationText::parse, Duration.ofSeconds(10));
        if (!SERVICE_NAME.matcher(name).matches()) {
            section.problem(
                    "services",
                    "has the name \"" + name
                            + "\", which names a log file and an MBean too; use letters, digits, - and _");
        }
        if (!s.has("command")) {
            s.problem("command", "needs a command, e.g. command: [redis-server, --port, \"6379\"]");
        }
        return command.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceConfig(
                        command,
                        directory,
                        env,
                        inheritEnv,
                        restart,
                        startDelay,
                        stopTimeout,
                        s.mapping().location()));
    }

    private static IdleConfig idle(Section s) {
        return new IdleConfig(
                s.value("action", Texts.choice(IdleConfig.Action.class), IdleConfig.Action.NONE),
                s.value("timeout", DurationText::parse, Duration.ofMinutes(20)),
                s.value("websockets", ContextReader::hold, true),
                s.value("patience", DurationText::parse, Duration.ofSeconds(30)));
    }
}
