package marina.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * The simulator as a process of its own, and what people do to its machines, which are all of the app {@code shop}. Closing it ends
 * all of them.
 */
class SleepingFleet implements AutoCloseable {
    /** How long anything may take before a test gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Pattern PAGE = Pattern.compile("(?m)^page +(http://\\S+)/$");
    private static final Pattern APP = Pattern.compile("(?m)^app +shop (http://\\S+)/$");

    final Path folder;
    private final Process simulator;
    private final URI control;
    private final URI edge;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    SleepingFleet(Path folder) throws IOException {
        this.folder = folder;
        Path home = HomeUnderTest.home();
        ProcessBuilder builder = new ProcessBuilder(
                        home.resolve("bin/marina.sh").toString(),
                        "simulate",
                        "--folder",
                        folder.resolve("sim").toString(),
                        folder.resolve("fleet.yml").toString())
                .redirectOutput(folder.resolve("out.json").toFile())
                .redirectError(folder.resolve("err.txt").toFile());
        builder.environment().remove("MARINA_BASE");
        builder.environment().put("MARINA_HOME", home.toString());
        simulator = builder.start();
        try {
            control = told(PAGE);
            edge = told(APP);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private URI told(Pattern address) {
        Path file = folder.resolve("err.txt");
        await("the simulator")
                .atMost(PATIENCE)
                .until(() -> address.matcher(read(file)).find() || !simulator.isAlive());
        Matcher found = address.matcher(read(file));
        if (!found.find()) {
            throw new AssertionError("the simulator says: " + read(file));
        }
        return URI.create(found.group(1));
    }

    List<String> ids() {
        return machines().map(machine -> String.valueOf(machine.get("id"))).toList();
    }

    /** A URL of the edge. */
    URI uri(String path) {
        return edge.resolve(path);
    }

    /** GET through the edge, without waiting; fields are name, value, name, value. */
    CompletableFuture<HttpResponse<String>> getAsync(String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** GET through the edge. */
    HttpResponse<String> get(String path, String... fields) {
        return getAsync(path, fields).join();
    }

    /** A WebSocket through the edge. */
    WebSocket webSocket(String path, WebSocket.Listener listener, String... fields) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            builder.header(fields[i], fields[i + 1]);
        }
        return builder.buildAsync(URI.create("ws" + uri(path).toString().substring(4)), listener)
                .join();
    }

    /** What the platform makes of a machine: {@code started}, {@code suspended}. */
    String state(String id) {
        return String.valueOf(machines()
                .filter(machine -> id.equals(machine.get("id")))
                .findFirst()
                .orElseThrow()
                .get("state"));
    }

    /** The address of a machine on the private network. */
    URI address(String id) {
        return URI.create("http://"
                + machines()
                        .filter(machine -> id.equals(machine.get("id")))
                        .findFirst()
                        .orElseThrow()
                        .get("address")
                + ":8080/");
    }

    void awaitState(String id, String state) {
        await(id + " is " + state)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> state(id), state::equals);
    }

    /** The calls of a machine to the Machines API, of one kind. */
    List<Map<?, ?>> calls(String id, String call) {
        return events("api").stream()
                .<Map<?, ?>>map(event -> event)
                .filter(event -> id.equals(event.get("machine")) && ("POST " + call).equals(event.get("call")))
                .toList();
    }

    /** What the simulator has seen of a kind. */
    List<Map<?, ?>> events(String kind) {
        Object[] all = (Object[]) json("GET", "/api/events?kind=" + kind, "");
        return Arrays.stream(all).<Map<?, ?>>map(event -> (Map<?, ?>) event).toList();
    }

    /** Does something to a machine, by hand: {@code suspend}, {@code kill}. */
    void command(String id, String action) {
        json("POST", "/api/machines/" + id + "/" + action, "");
    }

    /** What the Machines API does when a machine asks for a suspend. */
    void suspendFault(String id, String fault) {
        json("POST", "/api/machines/" + id + "/api", "{\"call\": \"suspend\", \"fault\": \"" + fault + "\"}");
    }

    @SuppressWarnings("unchecked")
    private Stream<Map<String, Object>> machines() {
        Map<String, Object> state = (Map<String, Object>) json("GET", "/api/state", "");
        return Arrays.stream((Object[]) Objects.requireNonNull(state.get("machines")))
                .map(machine -> (Map<String, Object>) machine);
    }

    private Object json(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(control.resolve(path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer =
                client.sendAsync(request, BodyHandlers.ofString()).join();
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.body());
        }
        return new JSON().fromJSON(answer.body());
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path draft = Files.writeString(file.resolveSibling(file.getFileName() + ".draft"), text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final void close() {
        simulator.destroy();
        await("the end of the simulator").atMost(PATIENCE).until(() -> !simulator.isAlive());
    }
}
