package marina.simulator.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.simulator.topology.Regions.Region;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads FLEET.yml. */
public final class FleetFile {

    private static final int MOST_MACHINES = 180;
    private static final int MOST_APPS = 40;

    private final Problems problems;
    private final Set<String> ids = new HashSet<>();

    private FleetFile(String name) {
        this.problems = new Problems(name);
    }

    /**
     * Reads a file.
     *
     * @throws FleetFileException with all problems of the file
     */
    public static Topology read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new FleetFileException(List.of(file + ": cannot be read (" + e + "); is the name right?"));
        }
    }

    /**
     * Reads a text.
     *
     * @param name what problems call it
     * @throws FleetFileException with all problems of the text
     */
    public static Topology parse(String name, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setAllowDuplicateKeys(false)
                .build();
        Node root;
        try {
            root = new Compose(settings).composeString(text).orElse(null);
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("");
            throw new FleetFileException(List.of(name + place + ": " + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new FleetFileException(List.of(name + ": " + e.getMessage()));
        }
        FleetFile file = new FleetFile(name);
        Topology topology = file.topology(new Keys(file.problems, "", root));
        file.problems.throwIfAny();
        return topology;
    }

    private Topology topology(Keys keys) {
        Optional<String> network = keys.text("network");
        if (network.isPresent() && !network.get().matches("127(\\.(\\d{1,2}|1\\d\\d|2[0-4]\\d|25[0-5])){2}")) {
            keys.complain("network", "\"" + network.get() + "\" is no loopback network; write e.g. 127.77.3");
        }
        Regions regions = regions(keys);
        String from = keys.text(
                "from", regions.all().isEmpty() ? "" : regions.all().get(0).code());
        if (!regions.has(from)) {
            keys.complain("from", "\"" + from + "\" is not among the regions; write one of them");
        }
        Topology topology = new Topology(
                network,
                keys.endpoint("control").orElse(new Topology.Endpoint("127.0.0.1", 0)),
                keys.endpoint("dns"),
                regions,
                from,
                keys.duration("autostop_every", Duration.ZERO),
                keys.duration("suspend_delay", Duration.ofMillis(100)),
                keys.duration("retry_for", Duration.ofSeconds(30)),
                keys.number("replay_limit", 1_000_000, 0, 100_000_000),
                chaos(keys.section("chaos")),
                apps(keys, regions));
        keys.done();
        return topology;
    }

    private static Topology.Chaos chaos(Keys keys) {
        Topology.Chaos chaos = new Topology.Chaos(
                keys.number("seed", 1, 0, Integer.MAX_VALUE),
                keys.fraction("connect", 0, 0, 1),
                keys.fraction("dns", 0, 0, 1),
                keys.fraction("api", 0, 0, 1));
        keys.done();
        return chaos;
    }

    private Regions regions(Keys keys) {
        Map<String, Region> found = new LinkedHashMap<>();
        Keys section = keys.section("regions");
        for (String code : section.names()) {
            Keys region = section.section(code);
            Region known = Regions.known(code).orElse(new Region(code, 0, 0, List.of()));
            if (Regions.known(code).isEmpty() && !(region.has("latitude") && region.has("longitude"))) {
                section.complain(code, "is no region that is known; give its latitude and longitude");
            }
            List<String> area = region.words("area");
            found.put(
                    code,
                    new Region(
                            code,
                            region.fraction("latitude", known.latitude(), -90, 90),
                            region.fraction("longitude", known.longitude(), -180, 180),
                            area.isEmpty() ? known.area() : area));
            region.done();
        }
        if (found.isEmpty()) {
            keys.complain("regions", "are missing; write regions: { ewr: {}, nrt: {} }");
        }
        Map<String, Double> measured = new LinkedHashMap<>();
        Keys table = keys.section("rtt");
        for (String pair : table.names()) {
            String[] ends = pair.split("-", 2);
            if (ends.length < 2 || !found.containsKey(ends[0]) || !found.containsKey(ends[1])) {
                table.complain(pair, "is no pair of regions; write e.g. ewr-lhr: 70");
            }
            measured.put(pair, table.fraction(pair, 0, 0, 10_000));
        }
        return new Regions(found, measured);
    }

    private List<Topology.App> apps(Keys keys, Regions regions) {
        List<Topology.App> apps = new ArrayList<>();
        Keys section = keys.section("apps");
        for (String name : section.names()) {
            if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
                section.complain(name, "is no name of an app; write small letters, digits and hyphens");
            }
            apps.add(app(name, section.section(name), regions));
        }
        if (apps.isEmpty() || apps.size() > MOST_APPS) {
            keys.complain("apps", "there are " + apps.size() + "; write 1 to " + MOST_APPS + " of them");
        }
        if (ids.size() > MOST_MACHINES) {
            keys.complain("apps", "have " + ids.size() + " machines; " + MOST_MACHINES + " is the most");
        }
        return apps;
    }

    private Topology.App app(String name, Keys keys, Regions regions) {
        String primary = keys.text("primary_region").orElse(null);
        List<Topology.Service> services = new ArrayList<>();
        for (Keys service : keys.list("services")) {
            services.add(service(service));
        }
        List<Keys> listed = keys.list("machines");
        Keys defaults = keys.section("machine");
        List<Topology.MachineSpec> machines = new ArrayList<>();
        for (Keys machine : listed) {
            machines.add(machine(name + machines.size(), machine.over(defaults), regions));
            machine.done();
        }
        Topology.App app = new Topology.App(
                name,
                keys.text("org", "personal"),
                keys.number("soft_limit", 20, 0, 1_000_000),
                keys.number("hard_limit", 0, 0, 1_000_000),
                keys.number("min_machines_running", 0, 0, MOST_MACHINES),
                primary,
                services.isEmpty() ? List.of(plainService()) : services,
                machines);
        defaults.done();
        keys.done();
        return app;
    }

    private static Topology.Service plainService() {
        return new Topology.Service(8080, Optional.empty(), 8080, "http", List.of());
    }

    private static Topology.Service service(Keys keys) {
        List<Topology.CacheRule> rules = new ArrayList<>();
        for (Keys rule : keys.list("replay_cache")) {
            String type = rule.text("type", "cookie");
            if (!type.equals("cookie") && !type.equals("header")) {
                rule.complain("type", "\"" + type + "\" is unknown; write cookie or header");
            }
            Duration ttl = rule.duration("ttl", Duration.ofSeconds(10));
            if (ttl.toSeconds() < 10) {
                rule.complain("ttl", "is shorter than 10s, the least that Fly takes; write 10s or more");
            }
            rules.add(new Topology.CacheRule(
                    rule.text("path_prefix", "/"),
                    ttl,
                    type.equals("cookie"),
                    rule.needed("name", "session"),
                    rule.flag("allow_bypass", false)));
            rule.done();
        }
        String proto = keys.text("proto", "http");
        if (!proto.equals("http") && !proto.equals("https")) {
            keys.complain("proto", "\"" + proto + "\" is unknown; write http or https");
        }
        Topology.Service service = new Topology.Service(
                keys.number("port", 8080, 1, 65535),
                keys.endpoint("listen"),
                keys.number("internal_port", 8080, 1, 65535),
                proto,
                rules);
        keys.done();
        return service;
    }

    private Topology.MachineSpec machine(String fallbackId, Keys keys, Regions regions) {
        String id = keys.text("id", "m" + Integer.toHexString(fallbackId.hashCode()));
        if (!id.matches("[a-z0-9]{1,20}") || !ids.add(id)) {
            keys.complain("id", "\"" + id + "\" is no id, or another machine has it; write small letters and digits");
        }
        String region = keys.needed("region", "ewr");
        if (!region.isEmpty() && !regions.has(region)) {
            keys.complain("region", "\"" + region + "\" is not among the regions; add it there");
        }
        List<String> command = keys.words("command");
        @Nullable String marina = keys.text("marina").orElse(null);
        if (keys.has("command") && !keys.has("marina")) {
            marina = null; // of the app, which this machine does not want
        } else if (keys.has("marina") && !keys.has("command")) {
            command = List.of();
        }
        if (command.isEmpty() == (marina == null)) {
            keys.complain("command", "write either command: [program, argument] or marina: BASE");
        }
        return new Topology.MachineSpec(
                id,
                region,
                keys.text("group", "app"),
                keys.number("memory", 512, 1, 1_000_000),
                keys.word("state", Topology.FirstState.STARTED),
                keys.flag("autostart", true),
                keys.word("autostop", Topology.Autostop.OFF),
                keys.word("restart", Topology.Restart.ON_FAILURE),
                command,
                marina,
                keys.text("directory").orElse(null),
                keys.texts("env"),
                keys.texts("metadata"),
                killSignal(keys),
                keys.duration("kill_timeout", Duration.ofSeconds(5)),
                keys.flag("skip_dns_registration", false));
    }

    private static String killSignal(Keys keys) {
        String signal = keys.text("kill_signal", "SIGINT");
        if (!signal.matches("SIG(INT|TERM|QUIT|USR1|USR2|KILL|STOP)")) {
            keys.complain("kill_signal", "\"" + signal + "\" is none; write e.g. SIGINT or SIGTERM");
        }
        return signal;
    }
}
