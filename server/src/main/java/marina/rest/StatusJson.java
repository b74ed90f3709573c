package marina.rest;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import marina.backend.BackendState;
import marina.context.MountedContext;
import marina.host.AppliedConfigurations;
import marina.server.MarinaServer;
import org.jspecify.annotations.Nullable;

/** The server as JSON. Thread-safe. */
final class StatusJson {
    private static final double PERCENT = 100;

    private final MarinaServer server;

    StatusJson(MarinaServer server) {
        this.server = server;
    }

    /** As it is now. */
    Map<String, Object> now() {
        long pid = ProcessHandle.current().pid();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("version", MarinaServer.version());
        status.put("pid", pid);
        status.put("java", System.getProperty("java.version"));
        status.put("base", server.directories().base().toString());
        status.put("home", server.directories().home().toString());
        status.put("urls", server.urls().stream().map(Object::toString).toList());
        status.put(
                "admin_urls", server.adminUrls().stream().map(Object::toString).toList());
        status.put(
                "started_at", Instant.now().minusMillis(server.uptimeMillis()).toString());
        status.put("uptime_ms", server.uptimeMillis());
        long[] requests = new long[2];
        status.put("contexts", contexts(requests));
        status.put("running_backends", server.runningBackends());
        status.put("max_backends", server.maxBackends());
        status.put("waiting_for_room", server.waitingForRoom());
        status.put("memory", memory(pid));
        status.put("cpu_percent", cpu());
        status.put("requests", requests(requests[0]));
        status.put("machine", LeasePaths.machine(server.machine()));
        status.put("last_reload", lastReload());
        return status;
    }

    /** How many are in which state; older versions are not counted, their requests are. */
    private Map<String, Object> contexts(long[] requests) {
        Map<BackendState, Integer> states = new EnumMap<>(BackendState.class);
        int total = 0;
        for (MountedContext context : server.host().contexts()) {
            states.merge(context.status().backend().state(), 1, Integer::sum);
            requests[0] += context.requests();
            total++;
        }
        for (MountedContext older : server.host().olderVersions()) {
            requests[0] += older.requests();
        }
        Map<String, Object> contexts = new LinkedHashMap<>();
        contexts.put("total", total);
        for (BackendState state : BackendState.values()) {
            contexts.put(state.name(), states.getOrDefault(state, 0));
        }
        return contexts;
    }

    private Map<String, Object> requests(long total) {
        Map<String, Object> requests = new LinkedHashMap<>();
        requests.put("total", total);
        requests.put("per_second", Math.round(server.traffic().perSecond() * PERCENT) / PERCENT);
        requests.put("in_flight", server.requestsInFlight());
        return requests;
    }

    private static Map<String, Object> memory(long pid) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("rss", ProcessReadings.resident(pid));
        memory.put("heap_used", heap.getUsed());
        memory.put("heap_max", heap.getMax());
        return memory;
    }

    /** Of all processors together, in the time since it was asked last; 0 before that. */
    private static double cpu() {
        double load = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuLoad()
                : 0;
        return Math.round(Math.max(0, load) * PERCENT * 10) / 10.0;
    }

    private @Nullable Map<String, Object> lastReload() {
        Optional<AppliedConfigurations.Last> last = server.reloader().applied().last();
        if (last.isEmpty()) {
            return null;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", last.get().at().toString());
        json.put("cause", last.get().cause());
        json.put("succeeded", last.get().outcome().succeeded());
        json.put("messages", last.get().outcome().messages());
        return json;
    }
}
