package marina.navigator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import marina.config.Value;

/** What tenants have in common: programs by framework, the pool, limits and times. Used by one thread. */
final class AppPart {
    private static final String POOL_TIMEOUT = "10m";
    private static final List<String> RAILS = List.of("server", "-b", "127.0.0.1", "-p", "${port}");

    /** Rails listens there where its arguments do not say, since version 6.0; in production it does for everybody without it. */
    private static final String BINDING = "BINDING";

    /** The variable with the name of the file in which Rails keeps its process id. */
    static final String PIDFILE = "PIDFILE";

    private final Report report;
    private final Names names;
    private final Places places;
    private final Written applications;
    private final Written pools;
    private final Written framework;

    AppPart(Report report, Names names, Places places, Written applications, Written file) {
        this.report = report;
        this.names = names;
        this.places = places;
        this.applications = applications;
        this.framework = applications.section("framework");
        Optional<Value> old = file.value("pools");
        old.ifPresent(
                value -> report.deprecated(value.location(), value.key(), "is an old place; write applications.pools"));
        this.pools =
                old.isPresent() && !applications.has("pools") ? file.section("pools") : applications.section("pools");
    }

    /**
     * The app of a framework; its name is empty where a tenant names none.
     *
     * @param common what all apps have besides
     */
    Value.Mapping app(String name, CommandsPart commands, Written hooks, Tree common) {
        Tree app = new Tree(applications.mapping());
        app.put("command", words(name, Optional.empty(), Optional.empty(), List.of()));
        Optional<Value.Scalar> folder = framework.text("app_directory");
        folder.ifPresent(text -> app.put("directory", places.path(names.ofServer(text)), text));
        if (folder.isEmpty() && !places.same()) {
            app.put("directory", places.root().toString());
        }
        Tree env = env();
        app.put("env", env).put("inherit_env", "true");
        Tree ready = new Tree(applications.mapping());
        applications.text("health_check").ifPresent(path -> ready.put("path", Names.literal(path.text()), path));
        app.put("ready", ready.put("status", "any"));
        duration(applications, "startup_timeout", "5s")
                .or(() -> duration(framework, "startup_timeout", "5s"))
                .ifPresent(value -> app.put("page_after", value));
        app.put("idle_timeout", poolTimeout());
        websockets(applications, app);
        pools.text("default_memory_limit")
                .ifPresent(limit -> Units.size(limit, report).ifPresent(size -> app.put("memory_limit", size, limit)));
        account(pools, app);
        Tree points = new Tree(hooks.mapping());
        for (String point : List.of("start", "stop")) {
            List<Value> list = new ArrayList<>();
            env.get(PIDFILE).filter(file -> point.equals("start")).ifPresent(file -> list.add(commands.removal(file)));
            list.addAll(commands.tenant(hooks, point));
            points.put(point, list, hooks.mapping());
        }
        return app.putAll(common).put("hooks", points).mapping();
    }

    private Tree env() {
        Tree env = new Tree(applications.value("env").orElse(applications.mapping()));
        applications.entries("env", "global_env").forEach((name, entry) -> applications
                .asScalar(entry.value())
                .ifPresent(value -> env.put(name, Names.tenant(value))));
        if (env.get(BINDING).isEmpty()) {
            env.put(BINDING, "${BINDING:-127.0.0.1}");
        }
        framework
                .text("port_env_var")
                .filter(variable -> !variable.text().equals("PORT"))
                .ifPresent(variable -> env.put(variable.text(), "${port}", variable));
        return env;
    }

    private Value poolTimeout() {
        Optional<Value.Scalar> written = pools.text("timeout", "idle_timeout");
        Value origin = written.map(Value.class::cast).orElse(pools.mapping());
        Optional<String> seconds =
                written.filter(text -> text.text().matches("[1-9]\\d{0,8}")).map(text -> text.text() + "s");
        Optional<String> text =
                seconds.or(() -> written.flatMap(timeout -> Units.duration(timeout, report, POOL_TIMEOUT)));
        return Tree.scalar(text.orElse(POOL_TIMEOUT), origin);
    }

    private Optional<Value> duration(Written section, String key, String absent) {
        return section.text(key)
                .flatMap(text -> Units.duration(text, report, absent).map(duration -> Tree.scalar(duration, text)));
    }

    private static void websockets(Written section, Tree target) {
        section.value("track_websockets")
                .ifPresent(value ->
                        target.put("websockets", section.flag("track_websockets", true) ? "hold" : "ignore", value));
    }

    private void account(Written section, Tree target) {
        section.text("user").ifPresent(user -> target.put("user", names.ofServer(user), user));
        section.text("group").ifPresent(group -> target.put("group", names.ofServer(group), group));
    }

    /** The command of a tenant that has one of its own. */
    Optional<Value> command(Written tenant, String name) {
        Optional<Value.Scalar> runtime = tenant.text("runtime");
        Optional<Value.Scalar> server = tenant.text("server");
        List<Value.Scalar> arguments = tenant.texts("args");
        boolean own = runtime.isPresent() || server.isPresent() || !arguments.isEmpty();
        return own ? Optional.of(words(name, runtime, server, arguments)) : Optional.empty();
    }

    /** Runtime, server and arguments: the tenant's, else those by framework, else those of Rails. */
    private Value words(
            String name,
            Optional<Value.Scalar> ownRuntime,
            Optional<Value.Scalar> ownServer,
            List<Value.Scalar> ownArguments) {
        Optional<Value.Scalar> runtime = ownRuntime.or(() -> byFramework("runtime", name));
        Optional<Value.Scalar> server = ownServer.or(() -> byFramework("server", name));
        List<Value> arguments = new ArrayList<>();
        ownArguments.forEach(argument -> arguments.add(Names.argument(argument)));
        Value.Entry written = applications.entries("args").get(name);
        if (arguments.isEmpty() && written != null) {
            Written.itemsOf(written.value())
                    .forEach(item ->
                            applications.asScalar(item).ifPresent(argument -> arguments.add(Names.argument(argument))));
        }
        Optional<Value.Scalar> command = framework.text("command", "server_command", "server_executable");
        List<Value.Scalar> commandArguments = framework.texts("args", "server_args");
        Optional<Value.Scalar> interpreter = framework.text("runtime_executable");
        List<Value> words = new ArrayList<>();
        if (runtime.isEmpty() && server.isEmpty() && command.isPresent()) {
            interpreter.ifPresent(text -> words.add(names.server(text)));
            words.add(names.server(command.get()));
            if (arguments.isEmpty()) {
                commandArguments.forEach(argument -> arguments.add(Names.argument(argument)));
            }
        } else {
            words.add(runtime.map(names::server).orElseGet(() -> Tree.scalar("ruby", applications.mapping())));
            words.add(server.map(names::server).orElseGet(() -> Tree.scalar("bin/rails", applications.mapping())));
        }
        words.addAll(arguments.isEmpty() ? Tree.scalars(RAILS, applications.mapping()) : arguments);
        return Tree.list(words, applications.mapping());
    }

    private Optional<Value.Scalar> byFramework(String key, String name) {
        Value.Entry entry = applications.entries(key).get(name);
        return entry == null
                ? Optional.empty()
                : applications.asScalar(entry.value()).filter(text -> !text.text()
                        .isEmpty());
    }

    /** What a tenant may say differently. */
    void perTenant(Written tenant, Tree context) {
        tenant.text("health_check")
                .ifPresent(path -> context.put(
                        "ready",
                        new Tree(path)
                                .put("path", Names.literal(path.text()), path)
                                .mapping()));
        duration(tenant, "startup_timeout", "5s").ifPresent(value -> context.put("page_after", value));
        duration(tenant, "idle_timeout", POOL_TIMEOUT).ifPresent(value -> context.put("idle_timeout", value));
        websockets(tenant, context);
        tenant.text("memory_limit").ifPresent(limit -> Units.size(limit, report)
                .ifPresent(size -> context.put("memory_limit", size, limit)));
        account(tenant, context);
        tenant.text("min_instances")
                .ifPresent(number -> context.put("min_instances", Names.literal(number.text()), number));
        tenant.text("max_processes")
                .ifPresent(number -> context.put("instances", Names.literal(number.text()), number));
    }

    /** Puts {@code limits}, and asks for the keys that mean nothing here. */
    void limits(Tree tree) {
        pools.text("max_size").ifPresent(size -> {
            if (size.text().matches("[1-9]\\d{0,8}")) {
                tree.put("limits", new Tree(pools.mapping()).put("backends", size.text(), size));
            } else if (!size.text().equals("0")) {
                report.warn(size, size.describe() + " is no number of processes; any number may run");
            }
        });
        pools.ignored(
                "start_port", "has no effect: the system gives each start a free port, which no other had before");
        pools.value("timeout", "idle_timeout");
        List.of("default_memory_limit", "user", "group").forEach(pools::value);
        framework.ignored("start_delay", "has no effect: an application is ready when it answers");
        List.of("command", "args", "app_directory", "port_env_var", "server_command")
                .forEach(framework::value);
        framework.ignored("startup_delay", "has no effect: an application is ready when it answers");
        List.of("runtime_executable", "server_executable", "server_args", "startup_timeout")
                .forEach(framework::value);
        List.of("env", "global_env", "runtime", "server", "args", "health_check")
                .forEach(applications::value);
        List.of("startup_timeout", "track_websockets", "framework", "pools", "hooks")
                .forEach(applications::value);
        pools.finish();
        framework.finish();
    }
}
