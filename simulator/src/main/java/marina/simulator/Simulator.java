package marina.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import marina.simulator.api.MachinesApi;
import marina.simulator.control.Control;
import marina.simulator.dns.DnsServer;
import marina.simulator.edge.Edge;
import marina.simulator.journal.Journal;
import marina.simulator.machine.Fleet;
import marina.simulator.topology.Topology;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.Endpoint;

/** A running world: machines, edge, DNS, Machines API and control. Thread-safe; several may run at once. */
public final class Simulator implements AutoCloseable {

    private final Deque<AutoCloseable> parts;
    private final Journal journal;
    private final Fleet fleet;
    private final DnsServer dns;
    private final Edge edge;
    private final Control control;

    /**
     * Where a world lives on this machine.
     *
     * @param folder for the machines' own folders; its name should be short, because Unix sockets lie below
     * @param directory what paths in the topology are relative to
     * @param home the Marina that machines with {@code marina} start
     * @param events where the journal goes
     */
    public record Place(Path folder, Path directory, Path home, PrintStream events) {}

    private Simulator(Topology topology, Place place, Deque<AutoCloseable> parts) throws IOException {
        this.parts = parts;
        journal = new Journal(place.events());
        Fleet.Addresses addresses = own(Fleet.claim(topology));
        dns = own(DnsServer.bind(topology.dns().orElse(new Endpoint(addresses.dns(), 0))));
        fleet = own(Fleet.create(
                topology, journal, addresses, place.folder(), place.directory(), place.home(), dns.address()));
        MachinesApi api = own(new MachinesApi(fleet, journal, addresses.api()));
        edge = own(new Edge(fleet, journal));
        control = own(new Control(topology.control(), fleet, edge, dns, journal));
        parts.remove(fleet); // it ends first: the others wait for its machines
        parts.push(fleet);
        dns.start(fleet, journal, addresses.api());
        api.start();
        edge.start();
        control.start();
        fleet.start();
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /**
     * Starts a world. Its addresses are open when this returns; machines may still be starting.
     *
     * @throws IllegalStateException or {@link UncheckedIOException} when an address cannot be used
     */
    public static Simulator start(Topology topology, Place place) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return new Simulator(topology, place, parts);
        } catch (IOException e) {
            end(parts);
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (RuntimeException e) {
            end(parts);
            throw e;
        }
    }

    /** The public address of an app's first service. */
    public URI url(String app) {
        App found = fleet.app(app).orElseThrow(() -> new IllegalArgumentException("no app " + app));
        int port = edge.port(found, found.services().get(0))
                .orElseThrow(() -> new IllegalArgumentException("app " + app + " has no listen"));
        String host = found.services().get(0).listen().map(Endpoint::host).orElse("127.0.0.1");
        return URI.create("http://" + host + ":" + port);
    }

    /** The address of the page. */
    public URI control() {
        return URI.create("http://" + fleet.topology().control().host() + ":" + control.port());
    }

    /** The address of the DNS server, with its port. */
    public String dnsAddress() {
        return dns.address();
    }

    /** The machines. */
    public Fleet fleet() {
        return fleet;
    }

    /** What has happened. */
    public Journal journal() {
        return journal;
    }

    /** Ends everything that it has started. */
    @Override
    public void close() {
        end(parts);
    }

    private static void end(Deque<AutoCloseable> parts) {
        RuntimeException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("a part of the simulator does not end", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
