package marina.rest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import marina.hook.HookLog;
import marina.host.ReloadOutcome;
import marina.host.Service;
import marina.server.MarinaServer;

/** The paths of hooks and services. */
final class HookPaths {
    private final MarinaServer server;
    private final ProcessReadings processes = new ProcessReadings();

    HookPaths(MarinaServer server) {
        this.server = server;
    }

    void addTo(Rest rest) {
        rest.add(
                "GET",
                "/hooks",
                call -> call.json(
                        server.hooks().all().stream().map(HookPaths::hook).toList()));
        rest.add(
                "GET",
                "/services",
                call -> call.json(
                        server.services().all().stream().map(this::service).toList()));
        rest.add("POST", "/services/restart", this::restart);
    }

    private void restart(Call call) throws BadCall {
        String name = call.required("name");
        if (server.services().all().stream().noneMatch(service -> service.name().equals(name))) {
            throw new BadCall(404, "there is no service \"" + name + "\"");
        }
        var unused = server.services()
                .restart(name)
                .thenAccept(begun -> call.outcome(new ReloadOutcome(
                        begun, List.of(name + (begun ? ": is being restarted" : ": is being stopped")))));
    }

    private Map<String, Object> service(Service service) {
        Service.Status status = service.status();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", service.name());
        json.put("state", status.state().name().toLowerCase(Locale.ROOT));
        json.put("pid", status.pid());
        json.put("restarts", status.restarts());
        json.put("started_at", status.pid() == 0 ? null : processes.startedAt(List.of(status.pid())));
        json.put("last_exit", status.reason());
        return json;
    }

    private static Map<String, Object> hook(HookLog.Entry hook) {
        Duration took = hook.took();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", hook.name());
        json.put("command", hook.command());
        json.put("at", hook.at().toString());
        json.put("took_ms", took.toMillis());
        json.put("outcome", hook.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        json.put("exit", hook.exit() < 0 ? null : hook.exit());
        json.put("output", hook.output());
        return json;
    }
}
