package marina.navigator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import marina.config.Value;

/**
 * {@code routes} and what else decides by the path, in Navigator's order: redirects, rewrites, replays, the slash of the root,
 * scripts, reverse proxies. Used by one thread.
 */
final class RoutesPart {
    private static final List<String> REDIRECTS = List.of("301", "302", "303", "307", "308");

    private final Report report;
    private final ProxyPart proxies;
    private final List<Value> routes = new ArrayList<>();
    private boolean replays;

    RoutesPart(Report report, Names names) {
        this.report = report;
        this.proxies = new ProxyPart(report, names);
    }

    /** Whether anything leaves for another machine. */
    boolean replays() {
        return replays;
    }

    /** The routes before scripts. */
    void first(Written file, Written server, Optional<Value> rootSlash) {
        Written section = file.section("routes");
        section.sections("redirects").forEach(rule -> rule(rule, true));
        section.sections("rewrites").forEach(rule -> rule(rule, false));
        if (server.has("rewrites")) {
            server.value("rewrites")
                    .ifPresent(old -> report.deprecated(
                            old.location(), old.key(), "is an old place; write routes.redirects and routes.rewrites"));
            server.sections("rewrites").forEach(this::flagged);
        }
        Written fly = section.section("fly");
        fly.sections("replay").forEach(this::replay);
        section.value("fly_replay")
                .ifPresent(old ->
                        report.deprecated(old.location(), old.key(), "is an old place; write routes.fly.replay"));
        section.sections("fly_replay").forEach(this::replay);
        fly.ignored("sticky_sessions", "has no effect, as in Navigator since October 2025; see fleet.locate");
        rootSlash.ifPresent(routes::add);
        section.items("reverse_proxies"); // come later, see proxies
        fly.finish();
        section.finish();
    }

    /** A script, which stands between replays and reverse proxies. */
    void add(Value route) {
        routes.add(route);
    }

    /** The routes after scripts. */
    void proxies(Written file) {
        Optional<Value> section = file.value("routes").filter(Value.Mapping.class::isInstance);
        section.map(value -> new Written((Value.Mapping) value, report))
                .ifPresent(written -> written.sections("reverse_proxies")
                        .forEach(proxy -> proxies.translate(proxy).ifPresent(routes::add)));
    }

    /** All of them, to be put into a tree. */
    List<Value> routes() {
        return routes;
    }

    private void rule(Written rule, boolean redirects) {
        Optional<Value.Scalar> from = rule.text("from", "pattern");
        Optional<Value.Scalar> to = rule.scalar("to", "replacement");
        boolean redirect = redirects || rule.flag("redirect", false);
        Optional<Value> status = rule.scalar("status")
                .filter(scalar -> redirect && isRedirect(scalar))
                .map(Value.class::cast);
        List<Value> methods = methods(rule);
        if (from.isPresent() && to.isPresent()) {
            route(rule, from.get(), to.get(), redirect).ifPresent(tree -> {
                tree.put("methods", methods, rule.mapping());
                routes.add(redirect ? tree.put("status", status).mapping() : tree.mapping());
            });
        } else {
            report.warn(rule.mapping(), "needs from and to, and has no effect");
        }
        rule.finish();
    }

    private boolean isRedirect(Value.Scalar status) {
        boolean known = REDIRECTS.contains(status.text());
        if (!known) {
            report.warn(
                    status,
                    status.describe() + " is no status of a redirect; write one of " + String.join(", ", REDIRECTS));
        }
        return known;
    }

    /** A rule of the time when a flag said what it does. */
    private void flagged(Written rule) {
        Optional<Value.Scalar> from = rule.text("pattern", "from");
        Optional<Value.Scalar> to = rule.scalar("replacement", "to");
        String flag = rule.text("flag").map(Value.Scalar::text).orElse("");
        List<Value> methods = methods(rule);
        rule.finish();
        if (from.isEmpty()) {
            report.warn(rule.mapping(), "needs pattern, and has no effect");
        } else if (flag.startsWith("fly-replay:")) {
            String[] parts = flag.split(":", -1);
            boolean app = parts[1].startsWith("app=");
            Tree target = new Tree(rule.mapping())
                    .put(app ? "app" : "region", app ? parts[1].substring("app=".length()) : parts[1]);
            routes.add(match(rule, from.get().text())
                    .put("methods", methods, rule.mapping())
                    .put("replay", target)
                    .mapping());
            replays = true;
        } else if (to.isPresent()) {
            boolean redirect = flag.equals("redirect") || flag.equals("permanent");
            route(rule, from.get(), to.get(), redirect).ifPresent(tree -> {
                tree.put("methods", methods, rule.mapping());
                routes.add((flag.equals("permanent") ? tree.put("status", "301") : tree).mapping());
            });
        }
    }

    private Optional<Tree> route(Written rule, Value.Scalar from, Value.Scalar to, boolean redirect) {
        RoutePattern pattern = new RoutePattern(from.text());
        if (pattern.tooManyGroups()) {
            report.problem(from, "has more groups than the nine that can be told apart; write (?:…) for some");
            return Optional.empty();
        }
        List<String> unknown = new ArrayList<>();
        RoutePattern.Replacement replacement = pattern.replacing(to.text(), unknown);
        unknown.forEach(name -> report.warn(to, "has $" + name + ", which names no group of the pattern and is empty"));
        Value match = Tree.scalar(Names.literal(replacement.match()), from);
        return Optional.of(new Tree(rule.mapping())
                .put("match", match)
                .put(redirect ? "redirect" : "rewrite", replacement.path(), to));
    }

    private void replay(Written rule) {
        Optional<Value.Scalar> path = rule.text("path");
        Tree target = new Tree(rule.mapping());
        Optional<Value.Scalar> app = rule.text("app");
        Optional<Value.Scalar> region = rule.text("region");
        Optional<Value.Scalar> machine = rule.text("machine");
        app.ifPresent(scalar -> target.put("app", Names.literal(scalar.text()), scalar));
        machine.ifPresent(scalar -> target.put("machine", Names.literal(scalar.text()), scalar));
        boolean elsewhere = app.isPresent() || machine.isPresent();
        region.filter(scalar -> !elsewhere)
                .ifPresent(scalar -> target.put("region", Names.literal(scalar.text()), scalar));
        region.filter(scalar -> elsewhere)
                .ifPresent(scalar -> report.note(scalar, "has no effect beside app or machine, as in Navigator"));
        rule.ignored(
                "status", "has no effect: Fly's proxy takes the answer by its type of content, whatever its status");
        rule.ignored("prefer_instance", "has no effect: DNS tells which machines are alive");
        Optional<String> timeout = rule.text("timeout").flatMap(scalar -> Units.duration(scalar, report, ""));
        timeout.ifPresent(text -> target.put("timeout", text));
        List<Value> methods = methods(rule);
        rule.finish();
        if (path.isEmpty() || (!elsewhere && region.isEmpty())) {
            report.warn(rule.mapping(), "needs path and one of app, region and machine, and has no effect");
            return;
        }
        replays = true;
        routes.add(match(rule, path.get().text())
                .put("methods", methods, rule.mapping())
                .put("replay", target)
                .mapping());
    }

    private static Tree match(Written rule, String pattern) {
        Value origin = rule.value("path").or(() -> rule.value("pattern")).orElse(rule.mapping());
        return new Tree(rule.mapping()).put("match", Names.literal(pattern), origin);
    }

    private static List<Value> methods(Written rule) {
        return rule.texts("methods").stream()
                .map(method -> Tree.scalar(method.text().toUpperCase(Locale.ROOT), method))
                .toList();
    }
}
