package marina.simulator.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.Machine;
import marina.simulator.machine.MachineRefusal;
import marina.simulator.machine.MachineState;
import org.jspecify.annotations.Nullable;

/** What the calls do. Blocking; thread-safe. */
final class MachineCalls {

    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m)?");
    private static final long LONGEST_WAIT = 60;

    private final Fleet fleet;

    MachineCalls(Fleet fleet) {
        this.fleet = fleet;
    }

    Optional<Machine> machine(String app, @Nullable String id) {
        return id == null
                ? Optional.empty()
                : fleet.machine(id).filter(machine -> machine.app().name().equals(app));
    }

    boolean chaos(java.util.Random chance) {
        return chance.nextDouble() < fleet.topology().chaos().api();
    }

    long seed() {
        return fleet.topology().chaos().seed();
    }

    /** All machines of an app. */
    Reply list(String app) {
        List<Object> found = new ArrayList<>();
        fleet.machines().stream()
                .filter(machine -> machine.app().name().equals(app))
                .forEach(machine -> found.add(describe(machine)));
        return fleet.app(app).isEmpty() ? Reply.error(404, "app not found") : new Reply(200, found.toArray());
    }

    Reply call(Machine machine, Call call) throws InterruptedException {
        String todo = call.method() + " " + call.action().replaceFirst("/.*", "");
        return switch (todo) {
            case "GET " -> new Reply(200, describe(machine));
            case "DELETE " -> change(machine.destroy("api"));
            case "POST start" -> start(machine);
            case "POST stop" -> change(machine.stop(
                    text(call.body(), "signal"), text(call.body(), "timeout").flatMap(MachineCalls::time), "api"));
            case "POST suspend" -> change(machine.suspend(fleet.topology().suspendDelay(), "api"));
            case "POST cordon", "POST uncordon" -> {
                machine.cordon(call.action().equals("cordon"));
                yield Reply.OK;
            }
            case "GET wait" -> await(machine, call.query());
            case "GET metadata" -> new Reply(200, Map.copyOf(machine.metadata()));
            case "POST metadata", "DELETE metadata" -> metadata(machine, call);
            default -> Reply.error(404, "no such call: " + call.method() + " " + call.action());
        };
    }

    private static Reply start(Machine machine) throws InterruptedException {
        CompletableFuture<MachineState> started = machine.start("api");
        Reply reply = change(started);
        if (reply.status() != 200) {
            return reply;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("previous_state", started.join().wire());
        body.put("migrated", false);
        body.put("new_host", "");
        return new Reply(200, body);
    }

    private static Reply change(CompletableFuture<MachineState> change) throws InterruptedException {
        try {
            change.get();
            return Reply.OK;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MachineRefusal refusal) {
                return Reply.error(412, "failed_precondition: " + refusal.getMessage());
            }
            return Reply.error(500, "the machine does not react: " + e.getCause());
        }
    }

    private static Reply await(Machine machine, Map<String, String> query) throws InterruptedException {
        String wanted = query.getOrDefault("state", "started");
        if (!Set.of("started", "stopped", "suspended", "destroyed").contains(wanted)) {
            return Reply.error(400, "invalid_argument: state " + wanted);
        }
        if (wanted.equals("stopped") && !query.containsKey("instance_id")) {
            return Reply.error(400, "invalid_argument: instance_id is required to wait for stopped");
        }
        long seconds = time(query.getOrDefault("timeout", "60"))
                .map(Duration::toSeconds)
                .orElse(LONGEST_WAIT);
        EnumSet<MachineState> states = EnumSet.noneOf(MachineState.class);
        for (MachineState state : MachineState.values()) {
            if (state.wire().equals(wanted)) {
                states.add(state);
            }
        }
        try {
            machine.reached(states).get(Math.min(LONGEST_WAIT, seconds), TimeUnit.SECONDS);
            return Reply.OK;
        } catch (TimeoutException e) {
            return Reply.error(
                    408, "deadline_exceeded: machine is " + machine.state().wire());
        } catch (ExecutionException e) {
            return Reply.error(500, String.valueOf(e.getCause()));
        }
    }

    private Reply metadata(Machine machine, Call call) {
        String key = call.action().replaceFirst("metadata/?", "");
        if (key.isEmpty()) {
            return Reply.error(400, "invalid_argument: the key is missing");
        }
        if (call.method().equals("DELETE")) {
            machine.metadata().remove(key);
        } else {
            Optional<String> value = text(call.body(), "value");
            if (value.isEmpty()) {
                return Reply.error(400, "invalid_argument: value is missing");
            }
            machine.metadata().put(key, value.get());
        }
        machine.tellMetadata(key);
        return new Reply(204, Map.of());
    }

    private static Map<String, Object> describe(Machine machine) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("guest", Map.of("cpus", 1, "memory_mb", machine.spec().memory()));
        config.put("metadata", Map.copyOf(machine.metadata()));
        config.put("env", machine.spec().env());
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("id", machine.id());
        found.put("name", machine.app().name() + "-" + machine.id());
        found.put("state", machine.state().wire());
        found.put("region", machine.spec().region());
        found.put("instance_id", "01" + machine.id());
        found.put("private_ip", machine.address());
        found.put("cordoned", machine.cordoned());
        found.put("config", config);
        return found;
    }

    private static Optional<String> text(Map<?, ?> body, String name) {
        Object value = body.get(name);
        return value == null ? Optional.empty() : Optional.of(value.toString());
    }

    private static Optional<Duration> time(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(parts.group(1));
        return Optional.of("m".equals(parts.group(2)) ? Duration.ofMinutes(amount) : Duration.ofSeconds(amount));
    }
}
