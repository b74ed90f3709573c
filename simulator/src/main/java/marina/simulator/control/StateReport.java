package marina.simulator.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import marina.simulator.dns.DnsFault;
import marina.simulator.dns.DnsServer;
import marina.simulator.edge.Edge;
import marina.simulator.machine.Fleet;
import marina.simulator.machine.Machine;
import marina.simulator.topology.Regions.Region;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.Service;

/** The whole world as it is now, as maps and lists that become JSON. Thread-safe. */
final class StateReport {

    private final Fleet fleet;
    private final Edge edge;
    private final DnsServer dns;

    StateReport(Fleet fleet, Edge edge, DnsServer dns) {
        this.fleet = fleet;
        this.edge = edge;
        this.dns = dns;
    }

    Map<String, Object> now() {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("from", fleet.topology().from());
        found.put("regions", regions());
        found.put("apps", apps());
        found.put("machines", machines());
        DnsFault fault = dns.fault();
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("address", dns.address());
        names.put("mode", fault.mode().name().toLowerCase(Locale.ROOT));
        names.put("slow_ms", fault.slow().toMillis());
        names.put("stale_ms", fault.stale().toMillis());
        names.put("suffix", fault.suffix());
        found.put("dns", names);
        return found;
    }

    private Object[] regions() {
        List<Object> found = new ArrayList<>();
        for (Region region : fleet.topology().regions().all()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("code", region.code());
            one.put("latitude", region.latitude());
            one.put("longitude", region.longitude());
            found.add(one);
        }
        return found.toArray();
    }

    private Object[] apps() {
        List<Object> found = new ArrayList<>();
        for (App app : fleet.topology().apps()) {
            for (Service service : app.services()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("name", app.name());
                one.put("port", service.port());
                edge.port(app, service)
                        .ifPresent(port -> one.put(
                                "url",
                                "http://"
                                        + service.listen().map(at -> at.host()).orElse("127.0.0.1") + ":" + port));
                found.add(one);
            }
        }
        return found.toArray();
    }

    private Object[] machines() {
        List<Object> found = new ArrayList<>();
        for (Machine machine : fleet.machines()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", machine.id());
            one.put("app", machine.app().name());
            one.put("region", machine.spec().region());
            one.put("state", machine.state().wire());
            one.put("address", machine.address());
            one.put("load", machine.load().requests());
            one.put("cordoned", machine.cordoned());
            one.put("broken", machine.faults().broken());
            one.put("metadata", Map.copyOf(machine.metadata()));
            found.add(one);
        }
        return found.toArray();
    }
}
