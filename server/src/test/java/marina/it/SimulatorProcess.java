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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * {@code bin/marina.sh simulate} as a user starts it, for a fleet with one app; its machines run real Marinas. Closing it ends it,
 * and asserts that no machine outlives it.
 */
class SimulatorProcess implements AutoCloseable {
    /** How long anything may take before a test gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern PAGE = Pattern.compile("(?m)^page +(http://\\S+)/$");
    private static final Pattern APP = Pattern.compile("(?m)^app +\\S+ +(http://\\S+)/$");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Process process;
    private final URI page;
    private final URI edge;
    private final Set<String> marks;

    /**
     * Starts one, and waits until it answers; not for its machines.
     *
     * @param folder gets a folder for each machine, and what the simulator prints
     * @param fleet a FLEET.yml
     */
    SimulatorProcess(Path folder, Path fleet) throws IOException {
        this.folder = Files.createDirectories(folder);
        ProcessBuilder builder = new ProcessBuilder(
                        HomeUnderTest.home().resolve("bin/marina.sh").toString(),
                        "simulate",
                        "--folder",
                        folder.toString(),
                        "--events",
                        folder.resolve("events").toString(),
                        fleet.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("console").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MARINA_"));
        process = builder.start();
        try {
            edge = told(APP);
            page = told(PAGE);
            marks = machines().stream()
                    .map(machine -> "FLEET_API=" + folder.resolve(machine.get("id") + "/api"))
                    .collect(Collectors.toSet());
        } catch (RuntimeException | Error e) {
            process.destroy();
            throw e;
        }
    }

    private URI told(Pattern line) {
        Path console = folder.resolve("console");
        await("the simulator tells " + line)
                .atMost(PATIENCE)
                .failFast(() -> assertThat(process.isAlive()).as(read(console)).isTrue())
                .until(() -> line.matcher(read(console)).find());
        Matcher found = line.matcher(read(console));
        assertThat(found.find()).isTrue();
        return URI.create(found.group(1));
    }

    /** A client that follows no redirects. */
    HttpClient client() {
        return client;
    }

    /** A URL of the edge. */
    URI uri(String path) {
        return edge.resolve(path);
    }

    /** What the simulator tells of its machines. */
    List<Map<?, ?>> machines() {
        return list(Objects.requireNonNull(((Map<?, ?>) json("GET", "/api/state", "")).get("machines")));
    }

    /** What it tells of a machine. */
    Map<?, ?> machine(String id) {
        return machines().stream()
                .filter(machine -> id.equals(machine.get("id")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no machine " + id));
    }

    /** What the platform makes of a machine: {@code started}, {@code suspended}. */
    String state(String id) {
        return String.valueOf(machine(id).get("state"));
    }

    /** The address of a machine on the private network. */
    URI address(String id) {
        return URI.create("http://" + machine(id).get("address") + ":8080/");
    }

    /** What the simulator has seen; the query says of which kind. */
    List<Map<?, ?>> events(String query) {
        return list(json("GET", "/api/events?" + query, ""));
    }

    /** Presses a button of the simulator's page: {@code suspend}, {@code kill}. */
    void command(String id, String action) {
        json("POST", "/api/machines/" + id + "/" + action, "");
    }

    /** Asks the simulator itself. */
    Object json(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(page.resolve(path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer =
                client.sendAsync(request, BodyHandlers.ofString()).join();
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return new JSON().fromJSON(answer.body());
    }

    private static List<Map<?, ?>> list(Object array) {
        return Arrays.stream((Object[]) array)
                .<Map<?, ?>>map(element -> (Map<?, ?>) element)
                .toList();
    }

    /** The instance of a machine. */
    Path base(String id) {
        return folder.resolve(id).resolve("base");
    }

    /** The log of a machine's Marina. */
    String log(String id) {
        return read(base(id).resolve("logs/marina.log"));
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final void close() {
        process.destroy();
        await("the end of the simulator").atMost(PATIENCE).until(() -> !process.isAlive());
        await("the end of its machines").atMost(PATIENCE).until(() -> Processes.withEnvironment(marks)
                .isEmpty());
    }
}
