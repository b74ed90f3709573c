package marina.navigator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import marina.config.Value;

/** {@code auth}, and its forms of earlier times below {@code server} and in tenants. Used by one thread. */
final class AuthPart {
    private final Report report;
    private final Names names;
    private final Places places;
    private List<Value> open = List.of();
    private List<Value> ownRealms = List.of();
    private Optional<Value> passwords = Optional.empty();
    private boolean enabled;

    AuthPart(Report report, Names names, Places places) {
        this.report = report;
        this.names = names;
        this.places = places;
    }

    /** Whether the server asks for passwords. */
    boolean enabled() {
        return enabled;
    }

    /**
     * Puts what is written into the server.
     *
     * @param alsoOpen paths that need no password whatever is written
     */
    void server(Written file, Written server, List<Value> alsoOpen, Tree tree) {
        Written auth = auth(file, server);
        boolean wanted = auth.flag("enabled", false);
        Optional<Value.Scalar> realm = auth.text("realm");
        Optional<Value.Scalar> htpasswd = auth.text("htpasswd");
        List<Value> rules = new ArrayList<>();
        auth.texts("public_paths").forEach(path -> rule(path).ifPresent(rules::add));
        server.value("auth_exclude")
                .ifPresent(old ->
                        report.deprecated(old.location(), old.key(), "is an old place; write auth.public_paths"));
        server.texts("auth_exclude").forEach(path -> rule(path).ifPresent(rules::add));
        List<Value> realms = new ArrayList<>();
        auth.sections("auth_patterns", "exclude_patterns").forEach(pattern -> pattern(pattern, rules, realms));
        auth.finish();
        enabled = wanted && realm.filter(text -> text.text().equals("off")).isEmpty();
        if (!enabled) {
            return;
        }
        rules.addAll(alsoOpen);
        open = List.copyOf(rules);
        ownRealms = List.copyOf(realms);
        passwords = htpasswd.map(this::file);
        Tree result = new Tree(auth.mapping());
        realm.ifPresent(text -> result.put("realm", names.ofServer(text), text));
        // Without a file Navigator lets everybody in; here that is an error of the key htpasswd.
        tree.put(
                "auth",
                result.put("htpasswd", passwords)
                        .put("realms", realms, auth.mapping())
                        .put("public", rules, auth.mapping())
                        .mapping());
    }

    private Written auth(Written file, Written server) {
        Optional<Value> old = server.value("authentication");
        Written section = file.section("auth");
        old.ifPresent(value -> report.deprecated(value.location(), value.key(), "is an old place; write auth"));
        if (old.isEmpty() || section.flag("enabled", false)) {
            return section;
        }
        Value value = old.get();
        if (value instanceof Value.Scalar scalar) {
            Tree only = new Tree(scalar)
                    .put("enabled", scalar.text().isEmpty() ? "false" : "true")
                    .put("htpasswd", scalar);
            return new Written(only.mapping(), report);
        }
        return server.section("authentication");
    }

    /** What a tenant says of its own. */
    void tenant(Written tenant, Tree context) {
        Optional<Value.Scalar> htpasswd = tenant.text("htpasswd");
        Optional<Value.Scalar> realm = tenant.text("auth_realm");
        boolean written = tenant.has("auth_enabled");
        boolean wanted = tenant.flag("auth_enabled", true);
        if (written && !wanted) {
            tenant.value("auth_enabled").ifPresent(value -> context.put("auth", "false", value));
        } else if (htpasswd.isPresent() || realm.isPresent() || (written && !enabled)) {
            Tree auth = new Tree(tenant.mapping());
            realm.ifPresent(text -> auth.put("realm", names.ofServer(text), text));
            auth.put("htpasswd", htpasswd.map(this::file).or(() -> passwords));
            context.put(
                    "auth",
                    auth.put("realms", ownRealms, tenant.mapping())
                            .put("public", open, tenant.mapping())
                            .mapping());
        }
    }

    private Value file(Value.Scalar path) {
        return Tree.scalar(places.path(names.ofServer(path)), path);
    }

    /** A path, a prefix, a suffix or a glob. */
    private Optional<Value> rule(Value.Scalar path) {
        String text = path.text().strip();
        boolean suffix = text.startsWith("*") && text.length() > 1 && !isGlob(text.substring(1));
        if (suffix) {
            report.note(
                    path,
                    "is for public files only: what an application answers needs a password, whatever its path ends in");
        }
        if (suffix || text.startsWith("^")) {
            return Optional.of(Tree.scalar(Names.literal(text), path));
        }
        if (!text.startsWith("/")) {
            report.warn(path, path.describe() + " is no path, and opens nothing; write /" + text);
            return Optional.empty();
        }
        return Optional.of(Tree.scalar(Names.literal(isGlob(text) ? RoutePattern.glob(text) : text), path));
    }

    private static boolean isGlob(String text) {
        return text.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
    }

    /** A pattern that is open, or that has a realm of its own and is closed then. */
    private void pattern(Written written, List<Value> open, List<Value> realms) {
        Optional<Value.Scalar> pattern = written.text("pattern");
        Optional<Value.Scalar> action = written.text("action");
        written.finish();
        if (pattern.isEmpty() || action.isEmpty()) {
            report.warn(written.mapping(), "needs pattern and action, off or the name of a realm, and has no effect");
            return;
        }
        Value match = Tree.scalar(Names.literal(new RoutePattern(pattern.get().text()).fromStart()), pattern.get());
        if (action.get().text().equals("off")) {
            open.add(match);
        } else {
            report.note(action.get(), "is the realm of these paths, which need a password whatever else is public");
            realms.add(new Tree(written.mapping())
                    .put("match", match)
                    .put("realm", names.ofServer(action.get()), action.get())
                    .mapping());
        }
    }
}
