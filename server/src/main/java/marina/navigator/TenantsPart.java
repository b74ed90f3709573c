package marina.navigator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.config.Value;

/** {@code applications}: an app for each framework, and a context for each tenant. Used by one thread. */
final class TenantsPart {
    private final Report report;
    private final Names names;
    private final Places places;
    private final CommandsPart commands;
    private final AuthPart auth;
    private final ServerPart server;
    private final Map<String, Value.Mapping> apps = new LinkedHashMap<>();
    private final Map<String, Map<String, Value>> needed = new HashMap<>();

    TenantsPart(Report report, Names names, Places places, CommandsPart commands, AuthPart auth, ServerPart server) {
        this.report = report;
        this.names = names;
        this.places = places;
        this.commands = commands;
        this.auth = auth;
        this.server = server;
    }

    /**
     * Puts {@code apps} and {@code contexts}.
     *
     * @param first contexts that are no tenants
     * @param common what all apps have besides
     */
    void translate(Written file, Tree first, Tree common, Tree tree) {
        Written applications = file.section("applications");
        AppPart app = new AppPart(report, names, places, applications, file);
        Written hooks = defaultHooks(file, applications);
        Tree contexts = new Tree(applications.value("tenants").orElse(applications.mapping()));
        contexts.putAll(first);
        List<Written> tenants = new ArrayList<>(applications.sections("tenants"));
        file.value("tenants")
                .ifPresent(old ->
                        report.deprecated(old.location(), old.key(), "is an old place; write applications.tenants"));
        tenants.addAll(file.sections("tenants"));
        for (Written tenant : tenants) {
            apps.computeIfAbsent(nameOf(tenant), name -> app.app(framework(tenant), commands, hooks, common));
            tenant(tenant, app, hooks, contexts);
        }
        app.limits(tree);
        List.of("start", "stop").forEach(hooks::value);
        hooks.finish();
        applications.finish();
        Tree all = new Tree(applications.mapping());
        apps.forEach(all::put);
        tree.put("apps", all).put("contexts", contexts);
    }

    /** {@code hooks.tenant}, which replaces {@code applications.hooks}. */
    private Written defaultHooks(Written file, Written applications) {
        Written tenant = file.section("hooks").section("tenant");
        Written own = applications.section("hooks");
        if (!tenant.isEmpty() && !own.isEmpty()) {
            report.warn(own.mapping(), "has no effect beside hooks.tenant, as in Navigator");
        }
        return tenant.isEmpty() ? own : tenant;
    }

    private void tenant(Written tenant, AppPart app, Written hooks, Tree contexts) {
        Optional<Value.Scalar> written = tenant.scalar("path");
        if (written.isEmpty()) {
            report.warn(tenant.mapping(), "has no path, and is not mounted");
            return;
        }
        String path = context(written.get().text());
        if (contexts.has(path)) {
            report.warn(tenant.mapping(), "has the path of an earlier one, " + path + ", which counts");
            return;
        }
        String name = nameOf(tenant);
        Value.Mapping common = apps.getOrDefault(name, tenant.mapping());
        Tree context = new Tree(tenant.mapping()).put("app", name);
        Tree env = env(tenant);
        vars(tenant, needed.computeIfAbsent(name, key -> Names.needed(common)), env, context);
        context.put("env", env);
        app.command(tenant, framework(tenant)).ifPresent(command -> context.put("command", command));
        tenant.text("root", "working_dir")
                .ifPresent(root -> context.put("directory", places.path(names.ofServer(root)), root));
        app.perTenant(tenant, context);
        hooks(tenant, hooks, pidFile(env, common), context);
        tenant.value("bot_detection").ifPresent(value -> server.bots(tenant.section("bot_detection"), context));
        auth.tenant(tenant, context);
        publicFiles(tenant, context);
        tenant.value("name"); // follows from the path
        tenant.finish();
        contexts.put(path, context.mapping());
    }

    private static String framework(Written tenant) {
        return tenant.text("framework").map(Value.Scalar::text).orElse("");
    }

    /** The app of a tenant. */
    private static String nameOf(Written tenant) {
        String framework = framework(tenant);
        return framework.isEmpty() ? "tenant" : framework;
    }

    /** {@code /showcase/2025/} is the context {@code /showcase/2025}. */
    static String context(String path) {
        String begun = path.startsWith("/") ? path : "/" + path;
        String bare = begun.replaceAll("/+$", "").replaceAll("/{2,}", "/");
        return bare.isEmpty() ? "/" : encoded(bare);
    }

    /** Paths are written as they are meant; in Marina's own form, what no URL holds as it is stands as in a URL. */
    private static String encoded(String path) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (" \"#%;<>?[]^`{|}".indexOf(c) >= 0) {
                result.append(String.format("%%%02X", (int) c));
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private Tree env(Written tenant) {
        Tree env = new Tree(tenant.value("env").orElse(tenant.mapping()));
        tenant.entries("env").forEach((name, entry) -> {
            if (entry.value() instanceof Value.Scalar scalar && scalar.isNull()) {
                env.put(name, "", scalar);
            } else {
                tenant.asScalar(entry.value()).ifPresent(value -> env.put(name, Names.tenant(value)));
            }
        });
        return env;
    }

    /** The tenant's own, and the names without a value as themselves, as Navigator leaves them. */
    private void vars(Written tenant, Map<String, Value> neededByApp, Tree env, Tree context) {
        Tree vars = new Tree(tenant.value("var").orElse(tenant.mapping()));
        tenant.entries("var").forEach((name, entry) -> {
            if (entry.value() instanceof Value.Scalar scalar) {
                if (scalar.isNull()) {
                    report.warnOnce(scalar, "has no value, and is empty");
                }
                vars.put(name, scalar.isNull() ? "" : Names.literal(scalar.text()), scalar);
            } else {
                report.warn(entry.value(), "is no single value, and is left out");
            }
        });
        Map<String, Value> all = new LinkedHashMap<>(neededByApp);
        all.putAll(Names.needed(env.mapping()));
        tenant.value("hooks").ifPresent(hooks -> all.putAll(Names.needed(hooks)));
        tenant.value("args").ifPresent(arguments -> all.putAll(Names.needed(arguments)));
        all.forEach((name, user) -> {
            if (!vars.has(name) && !names.isKnown(name) && !name.equals("PORT")) {
                report.warnOnce(
                        user, "has ${" + name + "}, which not every tenant's var has; there it is left as it is");
                vars.put(name, "$${" + name + "}", tenant.mapping());
            }
        });
        context.put("vars", vars);
    }

    /** The tenant's own, else that of its app. */
    private static Optional<Value> pidFile(Tree env, Value.Mapping app) {
        Value.Entry common = app.entries().get("env");
        Optional<Value> inherited = common != null && common.value() instanceof Value.Mapping variables
                ? Optional.ofNullable(variables.entries().get(AppPart.PIDFILE)).map(Value.Entry::value)
                : Optional.empty();
        return env.get(AppPart.PIDFILE).or(() -> inherited);
    }

    private void hooks(Written tenant, Written defaults, Optional<Value> pidFile, Tree context) {
        Written own = tenant.section("hooks");
        Tree result = new Tree(own.mapping());
        for (String point : List.of("start", "stop")) {
            List<Value> list = commands.tenant(own, point);
            boolean ownFile = point.equals("start") && tenant.section("env").has(AppPart.PIDFILE);
            if (!list.isEmpty() || ownFile) {
                List<Value> both = new ArrayList<>();
                pidFile.filter(file -> point.equals("start")).ifPresent(file -> both.add(commands.removal(file)));
                both.addAll(commands.tenant(defaults, point));
                both.addAll(list);
                result.put(point, both, own.mapping());
            }
        }
        own.finish();
        context.put("hooks", result);
    }

    private void publicFiles(Written tenant, Tree context) {
        tenant.text("public_dir").ifPresent(folder -> {
            if (java.nio.file.Files.isDirectory(places.resolve(names.ofServer(folder)))) {
                report.note(folder, "is served before the application; Navigator reads it and does nothing with it");
                context.put(
                        "public",
                        new Tree(folder)
                                .put("directory", places.path(names.ofServer(folder)), folder)
                                .mapping());
            } else {
                report.warnOnce(folder, folder.describe() + " is no folder; there are no public files");
            }
        });
    }
}
