package marina.server;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import marina.backend.Occupancy;
import marina.backend.Room;
import marina.cable.CableStatus;
import marina.context.MountedContext;
import marina.fleet.FleetDns;
import marina.fleet.ReplayDecision;
import marina.fleet.TargetState;
import marina.host.Host;
import marina.host.Service;
import marina.host.Services;
import marina.machine.MachineState;
import marina.machine.MachineStatus;
import marina.metrics.Families;
import marina.metrics.TrafficStatus;
import marina.tracing.Tracing;
import marina.upstream.MemberState;
import marina.upstream.PoolStatus;
import marina.valve.Fleet;
import marina.vector.ShippingStatus;
import marina.webapp.PoolMXBean;
import marina.webapp.WarHost;

/** What a server tells Prometheus of itself; gathered when that asks. Thread-safe. */
final class ServerMetrics implements Consumer<Families> {
    private final Parts parts;
    private final ContextMetrics contexts = new ContextMetrics();

    /**
     * Who knows the numbers.
     *
     * @param telemetry counts
     * @param inFlight requests that are being answered
     */
    record Parts(
            Telemetry telemetry,
            LongSupplier inFlight,
            Host host,
            Room room,
            Services services,
            WarHost wars,
            Fleet fleet,
            CablePort cable,
            MachineSleep machine,
            VectorLine vector) {}

    ServerMetrics(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void accept(Families to) {
        addServer(to);
        List<MountedContext> mounted = List.copyOf(parts.host.contexts());
        Map<String, Long> byState = mounted.stream()
                .collect(Collectors.groupingBy(context -> context.status().state(), Collectors.counting()));
        byState.forEach(
                (state, count) -> to.gauge("marina_contexts", "Contexts that are mounted.", count, "state", state));
        contexts.add(to, mounted, parts.host.config().metrics().contexts());
        mounted.forEach(context -> context.pool().ifPresent(pool -> addUpstream(to, pool.status())));
        parts.wars.pools().forEach((path, pool) -> addPool(to, path, pool));
        parts.services.all().forEach(service -> addService(to, service));
        addFleet(to);
        if (parts.host.config().cable().enabled()) {
            addCable(to, parts.cable.cable().status());
        }
        addMachine(to, parts.machine.idle().status());
        Tracing tracing = parts.telemetry.tracing();
        if (tracing != null) {
            to.counter("marina_tracing_spans", "Spans that the collector has taken.", tracing.sent());
            to.counter("marina_tracing_dropped_spans", "Spans that it never got.", tracing.dropped());
        }
        ShippingStatus vector = parts.vector.status();
        if (vector != null) {
            to.counter("marina_vector_lines", "Lines sent to Vector.", vector.sent());
            to.counter("marina_vector_dropped_lines", "Lines that found the queue full.", vector.dropped());
        }
    }

    private void addServer(Families to) {
        TrafficStatus traffic = parts.telemetry.traffic().status();
        to.info("marina", "What runs here.", "version", MarinaServer.version());
        for (int i = 1; i <= TrafficStatus.CLASSES; i++) {
            to.counter(
                    "marina_http_requests",
                    "Requests that have ended, of all contexts and of none.",
                    traffic.answers(i),
                    "code",
                    i + "xx");
        }
        to.histogram(
                "marina_http_request_duration_seconds",
                "From the first byte of a request to the end of its answer; without WebSockets.",
                traffic);
        to.counter("marina_http_received_bytes", "Bytes of the bodies of requests.", traffic.received());
        to.counter("marina_http_sent_bytes", "Bytes of the bodies of answers.", traffic.sent());
        to.gauge("marina_http_requests_in_flight", "Requests that are being answered.", parts.inFlight.getAsLong());
        Occupancy room = parts.room.occupancy();
        to.gauge("marina_backends_running", "Applications that have a process.", room.running());
        to.gauge("marina_backends_limit", "How many may: limits.backends; 0 for any number.", room.most());
        to.gauge("marina_backends_waiting", "Applications that wait for room to start.", room.waiting());
    }

    private static void addUpstream(Families to, PoolStatus pool) {
        for (PoolStatus.MemberStatus member : pool.members()) {
            String[] labels = {"context", pool.path(), "member", member.url()};
            to.counter("marina_upstream_requests", "Requests that a member was given.", member.requests(), labels);
            to.counter("marina_upstream_failures", "Of these, not answered or with a 5xx.", member.failures(), labels);
            to.gauge("marina_upstream_in_flight", "Requests and WebSockets of a member.", member.inFlight(), labels);
            for (MemberState state : MemberState.values()) {
                to.gauge(
                        "marina_upstream_state",
                        "1 for the state that a member is in.",
                        state == member.state() ? 1 : 0,
                        "context",
                        pool.path(),
                        "member",
                        member.url(),
                        "state",
                        state.toString());
            }
        }
    }

    private static void addPool(Families to, String path, PoolMXBean pool) {
        to.gauge("marina_pool_active", "Database connections in use.", pool.getActive(), "context", path);
        to.gauge("marina_pool_idle", "Open database connections that nobody uses.", pool.getIdle(), "context", path);
        to.gauge("marina_pool_waiting", "Threads that wait for a connection.", pool.getWaiting(), "context", path);
        to.gauge("marina_pool_limit", "database.pool_size.", pool.getMax(), "context", path);
    }

    private static void addService(Families to, Service service) {
        Service.Status status = service.status();
        to.gauge(
                "marina_service_up",
                "Whether the process of a service runs.",
                status.state() == Service.State.RUNNING ? 1 : 0,
                "service",
                service.name());
        to.counter(
                "marina_service_restarts", "Starts again of a service.", status.restarts(), "service", service.name());
    }

    private void addFleet(Families to) {
        for (ReplayDecision.Kind kind : ReplayDecision.Kind.values()) {
            to.counter(
                    "marina_fleet_decisions",
                    "Requests of contexts with a place, by what was done with them.",
                    parts.fleet.counters().of(kind),
                    "decision",
                    text(kind));
        }
        for (TargetState state : TargetState.values()) {
            to.counter(
                    "marina_fleet_targets",
                    "Requests for another place, by what DNS said of it.",
                    parts.fleet.counters().of(state),
                    "state",
                    text(state));
        }
        FleetDns dns = parts.fleet.dns();
        if (dns != null) {
            to.counter("marina_fleet_dns_questions", "Questions to DNS.", dns.asked());
            to.counter("marina_fleet_dns_failures", "Of these, without an answer.", dns.failed());
        }
    }

    private static void addCable(Families to, CableStatus cable) {
        to.gauge("marina_cable_sockets", "Open sockets.", cable.sockets());
        to.gauge("marina_cable_streams", "Streams that anybody is subscribed to.", cable.streams());
        to.gauge("marina_cable_subscriptions", "Subscriptions of all sockets.", cable.subscriptions());
        to.counter("marina_cable_broadcasts", "Broadcasts that were taken.", cable.broadcasts());
        to.counter("marina_cable_refused_broadcasts", "Broadcasts that were not.", cable.refusedBroadcasts());
        to.counter("marina_cable_delivered", "Messages handed to sockets.", cable.delivered());
        to.counter("marina_cable_dropped", "Messages that slow clients did not get.", cable.dropped());
        to.counter("marina_cable_refused_sockets", "Sockets that were not opened.", cable.refusedSockets());
        to.counter("marina_cable_cut_off", "Sockets whose client was silent or did not read.", cable.cutOff());
        to.gauge(
                "marina_cable_relay_connected",
                "1 while other machines hear of broadcasts here.",
                cable.relayConnected() ? 1 : 0);
        to.counter("marina_cable_relay_lost", "Broadcasts of which they did not.", cable.relayLost());
    }

    private static void addMachine(Families to, MachineStatus machine) {
        for (MachineState state : MachineState.values()) {
            to.gauge(
                    "marina_machine_state",
                    "1 for the state that the machine is in.",
                    state == machine.state() ? 1 : 0,
                    "state",
                    state.text());
        }
        to.counter("marina_machine_sleeps", "How often it has slept.", machine.sleeps());
        to.counter("marina_machine_refused_sleeps", "How often it was to sleep and did not.", machine.refusals());
        to.gauge(
                "marina_machine_leases",
                "Leases of background work.",
                machine.leases().size());
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
