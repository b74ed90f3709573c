package marina.navigator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.config.Value;

/** Programs that are no tenants: hooks and managed processes. Used by one thread. */
final class CommandsPart {
    /** Start hooks run at each reload, too, where a failure is a line in the log. */
    private static final String RELOAD = "reload";

    private static final Set<String> GO_ON = Set.of(RELOAD, "ready", "stop");

    private final Report report;
    private final Names names;
    private final Places places;

    CommandsPart(Report report, Names names, Places places) {
        this.report = report;
        this.names = names;
        this.places = places;
    }

    /** Puts the hooks of the server. */
    void server(Written file, Tree tree) {
        Written hooks = file.section("hooks");
        Written server = hooks.section("server");
        Tree result = new Tree(server.mapping());
        for (String point : List.of("start", "ready", "idle", "resume", "stop")) {
            List<Value> list = new ArrayList<>();
            hooks.value(point)
                    .ifPresent(old -> report.deprecated(
                            old.location(), old.key(), "is an old place; write hooks.server." + point));
            hooks.sections(point).forEach(hook -> hook(hook, false, point).ifPresent(list::add));
            server.sections(point).forEach(hook -> hook(hook, false, point).ifPresent(list::add));
            String name = point.equals("idle") ? "suspend" : point;
            Value origin = server.value(point).orElse(server.mapping());
            result.put(name, list, origin);
            if (point.equals("start")) {
                List<Value> again = new ArrayList<>();
                hooks.sections(point).forEach(hook -> hook(hook, false, RELOAD).ifPresent(again::add));
                server.sections(point).forEach(hook -> hook(hook, false, RELOAD).ifPresent(again::add));
                result.put(RELOAD, again, origin);
            }
        }
        hooks.value("tenant"); // read with the tenants
        server.finish();
        hooks.finish();
        tree.put("hooks", result);
    }

    /**
     * The hooks of tenants at one point.
     *
     * @param hooks where both points are written
     */
    List<Value> tenant(Written hooks, String point) {
        List<Value> list = new ArrayList<>();
        hooks.sections(point).forEach(hook -> hook(hook, true, point).ifPresent(list::add));
        return list;
    }

    /** A hook that takes away what a killed process has left: with it some applications do not start. */
    Value removal(Value pidFile) {
        List<Value> words = new ArrayList<>(Tree.scalars(List.of("rm", "-f"), pidFile));
        words.add(pidFile);
        return new Tree(pidFile)
                .put("command", words, pidFile)
                .put("timeout", "10s")
                .mapping();
    }

    private Optional<Value> hook(Written hook, boolean ofTenant, String point) {
        Optional<Value.Scalar> command = hook.text("command");
        List<Value.Scalar> arguments = hook.texts("args");
        Optional<Value.Scalar> timeout = hook.text("timeout");
        Optional<Value.Scalar> reload = hook.text("reload_config");
        Tree env = env(hook, ofTenant);
        hook.finish();
        if (command.isEmpty()) {
            report.warn(hook.mapping(), "has no command, and is skipped");
            return Optional.empty();
        }
        List<Value> words = new ArrayList<>();
        words.add(word(command.get(), ofTenant));
        arguments.forEach(argument -> words.add(word(argument, ofTenant)));
        Tree result = new Tree(hook.mapping()).put("command", words, command.get());
        result.put(
                "timeout",
                timeout.flatMap(text -> Units.duration(text, report, "no limit"))
                        .orElse("0"),
                timeout.map(Value.class::cast).orElse(hook.mapping()));
        if (!places.same() || ofTenant) {
            result.put("directory", places.path("."));
        }
        result.put("env", env);
        boolean mayReload = !ofTenant && reload.isPresent() && !point.equals(RELOAD);
        if (mayReload) {
            result.put("reload_config", places.path(names.ofServer(reload.get())), reload.get());
        } else if (ofTenant) {
            reload.ifPresent(text -> report.warn(text, "has no effect in the hooks of tenants"));
        }
        if (!mayReload && GO_ON.contains(point)) {
            result.put("required", "false");
        }
        return Optional.of(result.mapping());
    }

    private Value word(Value.Scalar word, boolean ofTenant) {
        return ofTenant ? Names.tenant(word) : names.server(word);
    }

    private Tree env(Written section, boolean ofTenant) {
        Tree env = new Tree(section.value("env").orElse(section.mapping()));
        section.entries("env").forEach((name, entry) -> section.asScalar(entry.value())
                .ifPresent(value -> env.put(name, word(value, ofTenant))));
        return env;
    }

    /** Puts {@code services}. */
    void services(Written file, Tree tree) {
        List<Written> processes = file.sections("managed_processes", "standalone_servers");
        Map<Written, Long> delays = new HashMap<>();
        processes.forEach(process -> delays.put(process, delay(process)));
        List<Written> ordered = new ArrayList<>(processes);
        ordered.sort(Comparator.comparing(process -> delays.getOrDefault(process, 0L)));
        Tree services = new Tree(file.value("managed_processes").orElse(file.mapping()));
        Set<String> taken = new HashSet<>();
        long before = 0;
        for (Written process : ordered) {
            long delay = delays.getOrDefault(process, 0L);
            if (service(process, delay - before, taken, services)) {
                before = delay;
            }
        }
        tree.put("services", services);
    }

    /** Milliseconds. */
    private long delay(Written process) {
        return process.text("start_delay")
                .flatMap(text -> Units.duration(text, report, "0"))
                .map(text -> marina.config.DurationText.of(text).toMillis())
                .orElse(0L);
    }

    private boolean service(Written process, long delay, Set<String> taken, Tree services) {
        Optional<Value.Scalar> command = process.text("command");
        Optional<Value.Scalar> name = process.text("name");
        List<Value.Scalar> arguments = process.texts("args");
        Optional<Value.Scalar> folder = process.text("working_dir");
        boolean restart = process.flag("auto_restart", false);
        Tree env = env(process, false);
        process.finish();
        if (command.isEmpty()) {
            report.warn(process.mapping(), "has no command, and is not started");
            return false;
        }
        String key = name.map(Value.Scalar::text)
                .orElse(command.get().text())
                .replaceAll("[^A-Za-z0-9_-]", "-")
                .replaceFirst("^-+", "");
        if (!taken.add(key)) {
            report.warn(process.mapping(), "has the name of another one, and is not started");
            return false;
        }
        List<Value> words = new ArrayList<>();
        words.add(names.server(command.get()));
        arguments.forEach(argument -> words.add(names.server(argument)));
        Tree service = new Tree(process.mapping()).put("command", words, command.get());
        folder.ifPresent(text -> service.put("directory", places.path(names.ofServer(text)), text));
        if (folder.isEmpty() && !places.same()) {
            service.put("directory", places.root().toString());
        }
        services.put(
                key,
                service.put("env", env)
                        .put("inherit_env", "true")
                        .put("restart", restart ? "on_failure" : "never")
                        .put("start_delay", Units.format(delay))
                        .mapping());
        return true;
    }
}
