package marina.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import marina.config.DurationText;
import marina.host.ReloadOutcome;
import marina.machine.ActivityLease;
import marina.machine.ActivityLeases;
import marina.machine.MachineStatus;
import marina.server.MachineSleep;
import marina.server.MarinaServer;

/** What is told of the machine, and done with the leases that keep it awake. */
record LeasePaths(MarinaServer server) {

    void addTo(Rest rest) {
        rest.add(
                "GET",
                "/leases",
                call -> call.json(server.machine().leases().all().stream()
                        .map(LeasePaths::lease)
                        .toList()));
        rest.add("PUT", "/leases", this::take);
        rest.add("DELETE", "/leases", this::release);
    }

    /** The machine as JSON. */
    static Map<String, Object> machine(MachineSleep machine) {
        MachineStatus now = machine.status();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", now.state().text());
        json.put("since", now.since().toString());
        json.put("reason", now.reason());
        json.put("last_activity", now.lastActivity().toString());
        json.put("idle_ms", machine.isInUse() ? 0 : idle(now).toMillis());
        json.put("suspends", now.sleeps());
        json.put("refusals", now.refusals());
        json.put("last_refusal", now.lastRefusal());
        json.put("waiting", machine.waiting());
        json.put("leases", now.leases().stream().map(LeasePaths::lease).toList());
        return json;
    }

    private void release(Call call) throws BadCall {
        String name = call.required("name");
        boolean found = server.machine().leases().release(name);
        call.outcome(
                new ReloadOutcome(found, List.of(found ? name + ": released" : "no lease \"" + name + "\" is held")));
    }

    private void take(Call call) throws BadCall {
        String name = call.required("name");
        String wanted = call.optional("ttl");
        try {
            Duration ttl = wanted.isEmpty() ? ActivityLeases.USUAL : DurationText.of(wanted);
            server.machine().lease(name, ttl, call.optional("context"));
            call.outcome(new ReloadOutcome(true, List.of(name + ": held for " + DurationText.format(ttl))));
        } catch (IllegalArgumentException e) {
            call.outcome(new ReloadOutcome(false, List.of(String.valueOf(e.getMessage()))));
        }
    }

    private static Duration idle(MachineStatus now) {
        Duration idle = Duration.between(now.lastActivity(), Instant.now());
        return idle.isNegative() ? Duration.ZERO : idle;
    }

    private static Map<String, Object> lease(ActivityLease lease) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", lease.name());
        json.put("left_ms", lease.left().toMillis());
        json.put("context", lease.context());
        return json;
    }
}
