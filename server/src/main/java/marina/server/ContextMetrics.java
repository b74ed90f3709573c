package marina.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import marina.context.ContextStatus;
import marina.context.MountedContext;
import marina.metrics.ContextMeter;
import marina.metrics.Families;
import marina.metrics.TrafficStatus;
import marina.process.ProcessUsage;

/**
 * What is told of single contexts. Those that nobody has used have no rows, and of the others only so many: who has had rows keeps
 * them, so that a counter does not vanish while its context lives. Thread-safe.
 */
final class ContextMetrics {
    private static final String REQUESTS = "marina_context_requests";
    private final Set<String> shown = new LinkedHashSet<>(); // guarded by this

    /** Adds the rows of up to so many contexts. */
    void add(Families to, List<MountedContext> mounted, int most) {
        List<MountedContext> used = mounted.stream()
                .filter(context -> context.meter().isUsed() || context.meter().hasLived())
                .toList();
        List<MountedContext> chosen = choose(used, most);
        to.gauge(
                "marina_metrics_contexts_left_out",
                "Contexts that have been used and have no rows of their own because of metrics.contexts.",
                used.size() - chosen.size());
        List<ContextStatus> states = chosen.stream().map(MountedContext::status).toList();
        Map<Long, ProcessUsage> usages = ProcessUsage.of(
                states.stream().flatMap(status -> status.pids().stream()).collect(Collectors.toSet()));
        for (int i = 0; i < chosen.size(); i++) {
            ContextStatus status = states.get(i);
            addRequests(to, status.path(), status.traffic());
            addLives(to, status.path(), chosen.get(i).meter().lives());
            addState(to, status, ProcessUsage.sum(usages, status.pids()));
        }
    }

    private synchronized List<MountedContext> choose(List<MountedContext> used, int most) {
        Set<String> there =
                used.stream().map(context -> context.path().value()).collect(Collectors.toCollection(HashSet::new));
        shown.retainAll(there);
        List<MountedContext> chosen = new ArrayList<>();
        for (MountedContext context : used) {
            String path = context.path().value();
            if (shown.contains(path) || (shown.size() < most && shown.add(path))) {
                chosen.add(context);
            }
        }
        return chosen.size() <= most ? chosen : chosen.subList(0, most);
    }

    private static void addRequests(Families to, String path, TrafficStatus traffic) {
        for (int i = 1; i <= TrafficStatus.CLASSES; i++) {
            to.counter(
                    REQUESTS,
                    "Requests of a context that have ended.",
                    traffic.answers(i),
                    "context",
                    path,
                    "code",
                    i + "xx");
        }
        to.histogram(
                "marina_context_request_duration_seconds",
                "From the first byte of a request to the end of its answer; without WebSockets.",
                traffic,
                "context",
                path);
        to.counter(
                "marina_context_received_bytes",
                "Bytes of the bodies of requests.",
                traffic.received(),
                "context",
                path);
        to.counter("marina_context_sent_bytes", "Bytes of the bodies of answers.", traffic.sent(), "context", path);
        to.counter(
                "marina_context_start_waits",
                "Requests that have waited for a start.",
                traffic.waits(),
                "context",
                path);
        to.counter(
                "marina_context_start_wait_seconds",
                "How long they have waited, all together.",
                traffic.waitSeconds(),
                "context",
                path);
        to.counter(
                "marina_context_websockets",
                "Connections that have become WebSockets or the like.",
                traffic.upgrades(),
                "context",
                path);
        to.gauge("marina_context_websockets_open", "Those that are open.", traffic.open(), "context", path);
    }

    private static void addLives(Families to, String path, ContextMeter.Lives lives) {
        to.histogram(
                "marina_context_start_duration_seconds",
                "Cold starts: from the decision to start until the application was ready.",
                lives.starts(),
                "context",
                path);
        to.counter(
                "marina_context_failed_starts",
                "Starts that did not lead to an application that is ready.",
                lives.failedStarts(),
                "context",
                path);
        to.counter(
                "marina_context_crashes",
                "Ends of an application that was ready, for which nobody has asked.",
                lives.crashes(),
                "context",
                path);
        to.counter("marina_context_restarts", "Starts after a crash.", lives.restarts(), "context", path);
        to.counter(
                "marina_context_memory_kills",
                "Ends for want of memory: memory_limit, or the heap of a JVM.",
                lives.memoryKills(),
                "context",
                path);
    }

    private static void addState(Families to, ContextStatus status, ProcessUsage usage) {
        String path = status.path();
        to.gauge(
                "marina_context_leases",
                "Requests and WebSockets that keep the application from being stopped.",
                status.backend().leases(),
                "context",
                path);
        to.gauge("marina_context_instances_ready", "Instances that answer.", status.readyInstances(), "context", path);
        to.gauge(
                "marina_context_processes",
                "Processes of the application, with those that they have started.",
                usage.processes(),
                "context",
                path);
        to.gauge(
                "marina_context_memory_bytes",
                "Resident memory of these processes.",
                usage.residentBytes(),
                "context",
                path);
        to.gauge(
                "marina_context_cpu_seconds",
                "Processor time of the processes that run now; begins anew with them.",
                usage.cpuSeconds(),
                "context",
                path);
    }
}
