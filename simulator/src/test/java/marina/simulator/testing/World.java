package marina.simulator.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import marina.simulator.Simulator;
import marina.simulator.machine.Machine;
import marina.simulator.machine.MachineState;
import marina.simulator.topology.FleetFile;
import org.awaitility.Awaitility;
import org.eclipse.jetty.util.ajax.JSON;

/** A simulated world with app.js in its machines. */
public final class World implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private final Path folder;
    private final Simulator simulator;

    private World(String yaml) {
        try {
            folder = Files.createTempDirectory("sim");
            Path app = Path.of("src/test/resources/app.js").toAbsolutePath();
            String filled = yaml.replace("APP", "[node, \"" + app + "\"]");
            simulator = Simulator.start(
                    FleetFile.parse("FLEET.yml", filled),
                    new Simulator.Place(
                            folder,
                            folder,
                            Path.of(System.getProperty("marina.home", "..")),
                            new PrintStream(events, true, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it; {@code APP} in the text stands for the command of app.js. Machines that start are waited for. */
    public static World of(String... yaml) {
        World world = new World(String.join("\n", yaml));
        world.awaitMachines();
        return world;
    }

    /** Three regions with a machine each: m1 in ewr, m2 in lhr, m3 in nrt. */
    public static World ofThree(String... more) {
        return of(three(more));
    }

    /** The file of {@link #ofThree}, with more lines at its top level. */
    public static String[] three(String... more) {
        List<String> lines = List.of(
                "regions: { ewr: {}, lhr: {}, nrt: {} }",
                "retry_for: 2s",
                "apps:",
                "  shop:",
                "    services: [{ port: 80, listen: 0 }]",
                "    machine: { command: APP }",
                "    machines:",
                "      - { id: m1, region: ewr }",
                "      - { id: m2, region: lhr }",
                "      - { id: m3, region: nrt }");
        return Stream.concat(lines.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private void awaitMachines() {
        for (Machine machine : simulator.fleet().machines()) {
            if (machine.spec().state() == marina.simulator.topology.Topology.FirstState.SUSPENDED) {
                await(machine.id(), MachineState.SUSPENDED);
            } else if (machine.spec().state() == marina.simulator.topology.Topology.FirstState.STARTED) {
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> listens(machine));
            }
        }
    }

    /** Whether a connection to a machine's program succeeds. */
    public boolean listens(Machine machine) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            machine.address(), machine.app().services().get(0).internalPort()),
                    500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The simulator itself. */
    public Simulator simulator() {
        return simulator;
    }

    /** The folder in which machines run. */
    public Path folder() {
        return folder;
    }

    /** A machine. */
    public Machine machine(String id) {
        return simulator.fleet().machine(id).orElseThrow();
    }

    /** Waits for a state. */
    public void await(String id, MachineState state) {
        try {
            machine(id).reached(Set.of(state)).get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("machine " + id + " is " + machine(id).state() + ", not " + state, e);
        }
    }

    /** The events of a kind, oldest first. */
    public List<Map<String, Object>> events(String kind) {
        return simulator.journal().after(0, event -> kind.equals(event.get("kind")));
    }

    /** The machines that the last requests have passed, in order. */
    public List<Object> hops() {
        return events("hop").stream().map(hop -> hop.get("machine")).toList();
    }

    /** What has been written for machines to read. */
    public String log() {
        return events.toString(StandardCharsets.UTF_8);
    }

    /** GET from the first region, with fields as name, value, name, value. */
    public Reply get(String path, String... fields) {
        return send("shop", "GET", path, BodyPublishers.noBody(), fields);
    }

    /** POST of some bytes. */
    public Reply post(String path, byte[] body, String... fields) {
        return send("shop", "POST", path, BodyPublishers.ofByteArray(body), fields);
    }

    /** Any request. */
    public Reply send(String app, String method, String path, HttpRequest.BodyPublisher body, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.url(app) + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body);
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        try {
            return new Reply(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** POST to the control API; the status of the answer. */
    public int command(String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.control() + "/api/" + path))
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of x-plan with which one machine answers with a replay. */
    public static String replay(String machine, String header) {
        return new JSON().toJSON(Map.of(machine, Map.of("headers", Map.of("fly-replay", header))));
    }

    /** An answer. */
    public record Reply(HttpResponse<String> response) {

        /** The status. */
        public int status() {
            return response.statusCode();
        }

        /** A field of the answer, empty when it has none. */
        public String field(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** What app.js has told. */
        @SuppressWarnings("unchecked")
        public Map<String, Object> told() {
            return (Map<String, Object>) new JSON().fromJSON(response.body());
        }

        /** The machine that has answered. */
        public Object machine() {
            return told().get("machine");
        }

        /** A field of the request, as the machine has got it. */
        @SuppressWarnings("unchecked")
        public String got(String name) {
            Map<String, Object> fields = (Map<String, Object>) told().get("headers");
            Object value = fields.get(name);
            return value == null ? "" : value.toString();
        }
    }

    @Override
    public void close() {
        simulator.close();
    }
}
