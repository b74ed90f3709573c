package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * A fleet of machines that the simulator plays, as an operator starts it: {@code bin/marina.sh simulate} in a process of its
 * own, real Marinas in its machines. Closing it ends the simulator, and asserts that its machines have ended with it.
 */
final class SimulatedFleet implements AutoCloseable {
    /** How long anything may take before a test gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern ADDRESS = Pattern.compile("(page|app +\\S+) +(http://\\S+?)/?\\s");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Process simulator;
    private final URI page;
    private final URI edge;

    private SimulatedFleet(Path folder) throws IOException {
        this.folder = folder;
        ProcessBuilder builder = new ProcessBuilder(
                        HomeUnderTest.home().resolve("bin/marina.sh").toString(),
                        "simulate",
                        "--folder",
                        folder.resolve("f").toString(),
                        "--events",
                        folder.resolve("events.json").toString(),
                        folder.resolve("fleet.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("console").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MARINA_"));
        simulator = builder.start();
        await("the simulator").atMost(PATIENCE).until(() -> console().contains("\napp ") || !simulator.isAlive());
        page = address("page");
        edge = address("app");
    }

    /**
     * Starts one.
     *
     * @param fleet the text of FLEET.yml, whose machines may use the base folder {@code base}
     * @param server the text of their conf/server.yml
     */
    static SimulatedFleet start(Path folder, String fleet, String server) throws IOException {
        Files.createDirectories(folder.resolve("base/conf"));
        Files.writeString(folder.resolve("base/conf/server.yml"), server);
        Files.writeString(folder.resolve("fleet.yml"), fleet);
        SimulatedFleet started = new SimulatedFleet(folder);
        started.awaitMachines();
        return started;
    }

    private String console() {
        return read(folder.resolve("console"));
    }

    private URI address(String what) {
        Matcher lines = ADDRESS.matcher(console());
        while (lines.find()) {
            if (lines.group(1).startsWith(what)) {
                return URI.create(lines.group(2));
            }
        }
        throw new AssertionError("the simulator has not started: " + console());
    }

    /** The public address of its app. */
    URI uri(String path) {
        return edge.resolve(path);
    }

    /** A client that follows no redirects. */
    HttpClient client() {
        return client;
    }

    /** A request to the edge, from a region. */
    HttpRequest.Builder from(String region, String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(PATIENCE)
                .header("User-Agent", "it")
                .header("Sim-From", region);
    }

    /** GET through the edge, without waiting. */
    CompletableFuture<HttpResponse<String>> getAsync(String region, String path) {
        return client.sendAsync(from(region, path).build(), BodyHandlers.ofString());
    }

    /** GET through the edge. */
    HttpResponse<String> get(String region, String path) {
        return getAsync(region, path).join();
    }

    /** GET past the edge, of one machine. */
    HttpResponse<String> ask(String machine, String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + machine(machine).get("address") + ":8080" + path))
                .timeout(PATIENCE);
        return client.sendAsync(
                        (fields.length == 0 ? request : request.headers(fields)).build(), BodyHandlers.ofString())
                .join();
    }

    /** Presses a button of the simulator's page. */
    void act(String machine, String action) {
        control("/api/machines/" + machine + "/" + action, "");
    }

    /** What is wrong with DNS from now on, as JSON; {@code {}} for nothing. */
    void dns(String fault) {
        control("/api/dns", fault);
    }

    private void control(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(page.resolve(path))
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer =
                client.sendAsync(request, BodyHandlers.ofString()).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private Object api(String path) {
        HttpRequest request = HttpRequest.newBuilder(page.resolve(path)).build();
        return new JSON()
                .fromJSON(client.sendAsync(request, BodyHandlers.ofString())
                        .join()
                        .body());
    }

    /** What the simulator tells of its machines. */
    private List<Map<?, ?>> machines() {
        Object machines = ((Map<?, ?>) api("/api/state")).get("machines");
        return Arrays.stream((Object[]) Objects.requireNonNull(machines))
                .<Map<?, ?>>map(machine -> (Map<?, ?>) machine)
                .toList();
    }

    /** What the simulator tells of a machine. */
    Map<?, ?> machine(String id) {
        return machines().stream()
                .filter(machine -> id.equals(machine.get("id")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no machine " + id));
    }

    /** A word of it. */
    String state(String machine) {
        return String.valueOf(machine(machine).get("state"));
    }

    /** Whether a machine answers. */
    boolean answers(String machine) {
        try {
            return ask(machine, "/up").statusCode() == 200;
        } catch (CompletionException e) {
            return false;
        }
    }

    /** Starts a machine and waits until its program answers. */
    void awake(String machine) {
        if (!state(machine).equals("started")) {
            act(machine, "start");
        }
        await(machine + " answers").atMost(PATIENCE).until(() -> answers(machine));
    }

    private void awaitMachines() {
        for (Map<?, ?> machine : machines()) {
            if (!"stopped".equals(machine.get("state"))) {
                awake(String.valueOf(machine.get("id")));
            }
        }
    }

    /** The machines that have seen a request, in order. */
    List<String> way(HttpResponse<?> answer) {
        String request = answer.headers().firstValue("fly-request-id").orElseThrow();
        return Arrays.stream((Object[]) api("/api/events?kind=hop&request=" + request))
                .map(hop -> String.valueOf(((Map<?, ?>) hop).get("machine")))
                .toList();
    }

    /** What a machine has logged. */
    String log(String machine) {
        return read(folder.resolve("f").resolve(machine).resolve("base/logs/marina.log"));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Set<String> sockets = machines().stream()
                .map(machine -> "FLEET_API=" + folder.resolve("f/" + machine.get("id") + "/api"))
                .collect(Collectors.toSet());
        simulator.destroy();
        try {
            assertThat(simulator.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the simulator ends")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(Processes.withEnvironment(sockets))
                .as("machines that outlive the simulator")
                .isEmpty();
    }
}
