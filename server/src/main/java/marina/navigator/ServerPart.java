package marina.navigator;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import marina.config.Value;

/** {@code server}, but for its files. Used by one thread. */
final class ServerPart {
    private static final String DEFAULT_PORT = "3000";
    private static final String DEFAULT_IDLE = "10m";

    /** There crawlers are told from others after files, routes and scripts, whichever of the two is written. */
    private static final String CLOSED = "no_applications";

    /** Where a proxy of one's own lives; Fly's names the client in fields of its own. */
    private static final List<String> NEAR =
            List.of("loopback", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");

    private final Report report;
    private final Names names;
    private final Places places;

    ServerPart(Report report, Names names, Places places) {
        this.report = report;
        this.names = names;
        this.places = places;
    }

    /** Puts {@code listen}. */
    void listen(Written server, Tree tree) {
        Optional<Value.Scalar> written = server.text("listen");
        Value origin = written.map(Value.class::cast).orElse(server.mapping());
        String text = written.map(names::ofServer).orElse(DEFAULT_PORT);
        tree.put("listen", text.startsWith(":") ? text.substring(1) : text, origin);
        server.text("hostname").ifPresent(name -> hosts(name, tree));
    }

    /** Navigator's manual says that the Host field is validated; its program does not look at it. */
    private void hosts(Value.Scalar written, Tree tree) {
        String name = names.ofServer(written);
        if (name.equals("localhost") || name.endsWith(".fly.dev")) {
            report.note(
                    written,
                    "does not limit the names that are answered: "
                            + (name.equals("localhost")
                                    ? "localhost stands for no site"
                                    : "Fly's proxy sends nothing else than what has a certificate here"));
        } else {
            report.note(
                    written,
                    "is the only name that is answered, but for the health check and requests from this machine;"
                            + " Navigator answers every name. Where there are more, remove it, or write hosts in conf/server.yml");
            tree.put("hosts", List.of(Tree.scalar(name, written)), written);
        }
    }

    /** Puts {@code trusted_proxies}. */
    void proxies(Written server, boolean onFly, Tree tree) {
        boolean trusts = server.flag("trust_proxy", false);
        List<String> trusted =
                onFly ? (trusts ? List.of("fly", "loopback") : List.of("fly")) : trusts ? NEAR : List.of();
        Value origin = server.value("trust_proxy").orElse(server.mapping());
        tree.put("trusted_proxies", Tree.scalars(trusted, origin), origin);
        server.value("trust_proxy")
                .ifPresent(value -> report.note(
                        value,
                        trusts
                                ? "means proxies on this machine and in private networks; name yours in trusted_proxies"
                                : "means that no client is believed what it says about itself in X-Forwarded-For and the"
                                        + " like, which Navigator believes all the same"));
    }

    /** Puts {@code health}; what it yields needs no password, because an application answers it. */
    Optional<Value> health(Written server, Tree tree) {
        Written check = server.section("health_check");
        Optional<Value.Scalar> path = check.text("path");
        Written response = check.section("response");
        boolean synthetic = check.has("response");
        Tree health = new Tree(check.mapping());
        path.ifPresent(text -> health.put("path", Names.literal(text.text()), text));
        response.scalar("status")
                .filter(status -> !status.text().equals("0"))
                .ifPresent(status -> health.put("status", Names.literal(status.text()), status));
        health.put("body", response.scalar("body").map(names::ofServer).orElse(""));
        Tree fields = new Tree(response.mapping());
        response.entries("headers").forEach((name, entry) -> response.asScalar(entry.value())
                .ifPresent(value -> fields.put(name, names.server(value))));
        health.put("headers", fields);
        response.finish();
        check.finish();
        if (path.isPresent() && synthetic) {
            tree.put("health", health);
            return Optional.empty();
        }
        tree.put("health", "false", check.mapping());
        return path.map(text -> Tree.scalar(Names.literal(text.text()), text));
    }

    /** Puts {@code idle}. */
    void idle(Written server, Written file, Tree tree) {
        file.value("suspend")
                .ifPresent(old -> report.deprecated(old.location(), old.key(), "is an old place; write server.idle"));
        Written old = file.section("suspend");
        Written idle = server.section("idle");
        Optional<Value.Scalar> action = idle.text("action");
        Optional<Value.Scalar> timeout = idle.text("timeout").or(() -> old.text("idle_timeout"));
        boolean oldEnabled = old.flag("enabled", false);
        idle.finish();
        old.finish();
        Optional<String> wanted = action.map(Value.Scalar::text).filter(List.of("suspend", "stop")::contains);
        action.filter(text -> wanted.isEmpty() && !text.text().equals("none"))
                .ifPresent(text ->
                        report.warn(text, text.describe() + " is neither suspend nor stop; the machine never sleeps"));
        Value origin = action.map(Value.class::cast).orElse(old.mapping());
        wanted.or(() -> oldEnabled ? Optional.of("suspend") : Optional.empty())
                .ifPresent(what -> tree.put(
                        "idle",
                        new Tree(idle.mapping())
                                .put("action", what, origin)
                                .put(
                                        "timeout",
                                        timeout.flatMap(text -> Units.duration(text, report, DEFAULT_IDLE))
                                                .orElse(DEFAULT_IDLE))
                                .put("websockets", "ignore")));
    }

    /** Puts {@code bots}, of the server or of a context. */
    void bots(Written detection, Tree tree) {
        boolean enabled = detection.flag("enabled", false);
        Optional<Value.Scalar> action = detection.text("action");
        detection.finish();
        if (detection.isEmpty()) {
            return;
        }
        String text = action.map(Value.Scalar::text).orElse("reject").toLowerCase(Locale.ROOT);
        Map<String, String> known = Map.of("reject", CLOSED, "ignore", "allow", "static-only", CLOSED);
        if (!known.containsKey(text)) {
            action.ifPresent(value -> report.warn(
                    value, value.describe() + " is not one of reject, ignore and static-only; crawlers are rejected"));
        }
        String bots = enabled ? known.getOrDefault(text, CLOSED) : "allow";
        tree.put("bots", bots, action.map(Value.class::cast).orElse(detection.mapping()));
    }

    /** Puts {@code compression}. */
    void compression(Written server, Tree tree) {
        if (server.flag("disable_compression", false)) {
            server.value("disable_compression").ifPresent(value -> tree.put("compression", "false", value));
        }
    }

    /** The root path without its slash, empty for none. */
    static String rootPath(Written server) {
        String path = server.text("root_path").map(Value.Scalar::text).orElse("/");
        String context = TenantsPart.context(path);
        return context.equals("/") ? "" : context;
    }

    /** The redirect from the root path to the one with a slash. */
    static Optional<Value> rootSlash(Written server, String rootPath) {
        Value origin = server.value("root_path").orElse(server.mapping());
        return rootPath.isEmpty()
                ? Optional.empty()
                : Optional.of(new Tree(origin)
                        .put("match", Names.literal("^" + RoutePattern.quote(rootPath) + "$"))
                        .put("redirect", rootPath + "/")
                        .mapping());
    }

    /** The routes of {@code cgi_scripts}. */
    List<Value> scripts(Written server) {
        List<Value> routes = new ArrayList<>();
        server.sections("cgi_scripts").forEach(script -> script(script).ifPresent(routes::add));
        return routes;
    }

    private Optional<Value> script(Written script) {
        Optional<Value.Scalar> path = script.text("path");
        Optional<Value.Scalar> program = script.text("script");
        Optional<Value.Scalar> method = script.text("method");
        Tree cgi = new Tree(script.mapping());
        program.ifPresent(text -> cgi.put("script", places.path(names.ofServer(text)), text));
        Tree env = new Tree(script.value("env").orElse(script.mapping()));
        script.entries("env").forEach((name, entry) -> script.asScalar(entry.value())
                .ifPresent(value -> env.put(name, names.server(value))));
        cgi.put("env", env).put("inherit_env", "true");
        List<Value> users = script.texts("allowed_users").stream()
                .map(user -> Tree.scalar(names.ofServer(user).strip(), user))
                .toList();
        cgi.put("allowed_users", users, script.mapping());
        Optional<Value.Scalar> timeout = script.text("timeout");
        cgi.put(
                "timeout",
                timeout.flatMap(text -> Units.duration(text, report, "no limit"))
                        .orElse("0"));
        script.text("reload_config")
                .ifPresent(text -> cgi.put("reload_config", places.path(names.ofServer(text)), text));
        script.text("user").ifPresent(text -> cgi.put("user", names.ofServer(text), text));
        script.text("group").ifPresent(text -> cgi.put("group", names.ofServer(text), text));
        script.finish();
        if (path.isEmpty() || program.isEmpty()) {
            report.warn(script.mapping(), "needs path and script, and has no effect");
            return Optional.empty();
        }
        if (!Files.isRegularFile(places.resolve(names.ofServer(program.get())))) {
            report.warn(
                    program.get(),
                    program.get().describe() + " is no file; there is no script at "
                            + path.get().text());
            return Optional.empty();
        }
        Tree route = new Tree(script.mapping())
                .put("match", Names.literal("^" + RoutePattern.quote(path.get().text()) + "$"), path.get());
        method.ifPresent(text -> route.put("methods", text.text().toUpperCase(Locale.ROOT), text));
        return Optional.of(route.put("cgi", cgi).mapping());
    }
}
