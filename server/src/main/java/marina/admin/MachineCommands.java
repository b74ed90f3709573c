package marina.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.config.DurationText;
import marina.host.ReloadOutcome;
import marina.machine.ActivityLease;
import marina.machine.ActivityLeases;
import marina.machine.MachineStatus;
import marina.server.MachineSleep;
import org.eclipse.jetty.util.Fields;

/** What the control socket tells of the machine, and does with the leases that keep it awake. */
record MachineCommands(MachineSleep machine) {
    /** Where leases are. */
    static final String LEASES = "/api/leases";

    /** The machine as JSON. */
    Map<String, Object> status() {
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
        json.put("leases", now.leases().stream().map(MachineCommands::lease).toArray());
        return json;
    }

    /** The leases as JSON. */
    Object[] leases() {
        return machine.leases().all().stream().map(MachineCommands::lease).toArray();
    }

    /** Whether a command is one about a lease that it names. */
    static boolean isOnLease(String path) {
        return path.startsWith(LEASES + "/");
    }

    /** Takes, renews or ends the lease that the path names. */
    ReloadOutcome onLease(String method, String path, Fields query) {
        String name = path.substring(LEASES.length() + 1);
        return switch (method) {
            case "PUT" -> take(name, query);
            case "DELETE" -> release(name);
            default -> new ReloadOutcome(false, List.of("PUT takes a lease, DELETE ends it"));
        };
    }

    private ReloadOutcome release(String name) {
        boolean found = machine.leases().release(name);
        return new ReloadOutcome(found, List.of(found ? name + ": released" : "no lease \"" + name + "\" is held"));
    }

    private ReloadOutcome take(String name, Fields query) {
        try {
            Duration ttl = Optional.ofNullable(query.getValue("ttl"))
                    .map(DurationText::of)
                    .orElse(ActivityLeases.USUAL);
            machine.lease(
                    name, ttl, Optional.ofNullable(query.getValue("context")).orElse(""));
            return new ReloadOutcome(true, List.of(name + ": held for " + DurationText.format(ttl)));
        } catch (IllegalArgumentException e) {
            return new ReloadOutcome(false, List.of(String.valueOf(e.getMessage())));
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
