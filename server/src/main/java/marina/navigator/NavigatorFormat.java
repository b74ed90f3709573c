package marina.navigator;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.config.Directories;
import marina.config.ForeignFormat;
import marina.config.Value;

/** Files that were written for Navigator. Thread-safe. */
public final class NavigatorFormat implements ForeignFormat {
    /** Keys at the top that Marina does not have. */
    private static final Set<String> OWN_KEYS =
            Set.of("server", "applications", "managed_processes", "tenants", "pools", "standalone_servers", "logging");

    /** Keys at the top that Navigator does not have; they decide where a file is named after Navigator. */
    private static final Set<String> NATIVE_KEYS =
            Set.of("listen", "contexts", "apps", "services", "fleet", "health", "log");

    private final Directories directories;
    private final Map<String, String> environment;

    /**
     * The format of one instance.
     *
     * @param environment what {@code ${NAME}} may mean, where Navigator's manual says so
     */
    public NavigatorFormat(Directories directories, Map<String, String> environment) {
        this.directories = directories;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public boolean recognises(Path file, Value.Mapping written) {
        Set<String> keys = written.entries().keySet();
        if (keys.stream().anyMatch(NATIVE_KEYS::contains)) {
            return false;
        }
        Value.Entry routes = written.entries().get("routes");
        boolean shaped = routes != null && routes.value() instanceof Value.Mapping;
        boolean named = String.valueOf(file.getFileName()).startsWith("navigator");
        return keys.stream().anyMatch(OWN_KEYS::contains) || shaped || named;
    }

    @Override
    public Value.Mapping translate(Path file, Value.Mapping written, Findings findings) {
        Report report = new Report(findings);
        Names names = new Names(environment, report);
        return new Translation(report, names, Places.of(file, directories.base(), names), written).run();
    }

    /** One file on its way. */
    private final class Translation {
        private final Report report;
        private final Names names;
        private final Places places;
        private final Value.Mapping written;
        private final Written top;
        private final Written server;
        private final ServerPart serverPart;
        private final CommandsPart commands;
        private final AuthPart auth;
        private final Tree tree;

        Translation(Report report, Names names, Places places, Value.Mapping written) {
            this.report = report;
            this.names = names;
            this.places = places;
            this.written = written;
            this.top = new Written(written, report);
            this.server = top.section("server");
            this.serverPart = new ServerPart(report, names, places);
            this.commands = new CommandsPart(report, names, places);
            this.auth = new AuthPart(report, names, places);
            this.tree = new Tree(written);
        }

        Value.Mapping run() {
            String root = ServerPart.rootPath(server);
            serverPart.listen(server, tree);
            RoutesPart routes = routes(root);
            serverPart.proxies(server, onFly(server, routes), tree);
            List<Value> open = serverPart.health(server, tree).map(List::of).orElse(List.of());
            auth.server(top, server, open, tree);
            FilesPart files = new FilesPart(report, names, places, written);
            files.files(server, root, tree);
            files.earlier(top);
            files.maintenance(top, tree);
            serverPart.compression(server, tree);
            tree.put("routes", routes.routes(), top.value("routes").orElse(written));
            commands.services(top, tree);
            commands.server(top, tree);
            serverPart.idle(server, top, tree);
            CablePart cable = new CablePart(names, places);
            new LoggingPart(report, names, places, cable).put(top, tree);
            cable.cable(top, tree);
            if (routes.replays()) {
                tree.put("fleet", new Tree(top.value("routes").orElse(written)).put("form", "json"));
            }
            tenants(files.contexts());
            top.ignored("sticky_sessions", "has no effect, as in Navigator since October 2025; see fleet.locate");
            server.finish();
            top.finish();
            return tree.mapping();
        }

        private RoutesPart routes(String root) {
            RoutesPart routes = new RoutesPart(report, names);
            routes.first(top, server, ServerPart.rootSlash(server, root));
            serverPart.scripts(server).forEach(routes::add);
            routes.proxies(top);
            return routes;
        }

        private void tenants(Tree first) {
            // Before tenants alone: crawlers may read files, and scripts are asked by programs.
            Tree common = new Tree(written);
            serverPart.bots(server.section("bot_detection"), common);
            new TenantsPart(report, names, places, commands, auth, serverPart).translate(top, first, common, tree);
        }
    }

    /** Whether Fly's proxy stands before the machine: it was written for Fly, or this is one of Fly's machines. */
    private boolean onFly(Written server, RoutesPart routes) {
        Optional<String> host = server.text("hostname").map(Value.Scalar::text);
        return routes.replays()
                || environment.containsKey("FLY_APP_NAME")
                || host.filter(name -> name.endsWith(".fly.dev")).isPresent();
    }
}
