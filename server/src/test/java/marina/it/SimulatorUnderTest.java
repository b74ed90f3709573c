package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.ajax.JSON;

/** {@code bin/marina.sh simulate} as a user starts it, at free ports. Closing it asserts that no machine outlives it. */
final class SimulatorUnderTest implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Path errors;
    private final Process process;
    private final Set<String> marks;
    private final URI app;
    private final URI control;

    /**
     * Starts one.
     *
     * @param folder where its machines have their folders
     * @param fleet a FLEET.yml with one app
     */
    SimulatorUnderTest(Path folder, Path fleet) {
        this.folder = folder;
        try {
            errors = folder.resolve("errors");
            ProcessBuilder builder = new ProcessBuilder(
                            HomeUnderTest.home().resolve("bin/marina.sh").toString(),
                            "simulate",
                            "--folder",
                            folder.toString(),
                            "--events",
                            folder.resolve("events").toString(),
                            fleet.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(errors.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("MARINA_"));
            process = builder.start();
            app = told("app +\\S+ (http://\\S+)/");
            control = told("page +(http://\\S+)/");
            marks = machines().stream()
                    .map(machine -> "MARINA_BASE=" + folder.resolve(machine + "/base"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URI told(String pattern) {
        Pattern line = Pattern.compile(pattern);
        await("the simulator tells " + pattern)
                .atMost(HomeUnderTest.PATIENCE)
                .failFast(() -> assertThat(process.isAlive()).as(read(errors)).isTrue())
                .until(() -> line.matcher(read(errors)).find());
        Matcher found = line.matcher(read(errors));
        assertThat(found.find()).isTrue();
        return URI.create(found.group(1));
    }

    /** What the edge answers to a browser near a region. */
    HttpResponse<String> get(String region, String path) {
        return client.sendAsync(
                        HttpRequest.newBuilder(app.resolve(path))
                                .timeout(HomeUnderTest.PATIENCE)
                                .header("Sim-From", region)
                                .header("Accept", "text/html")
                                .header("User-Agent", "it")
                                .build(),
                        BodyHandlers.ofString())
                .join();
    }

    /** Waits for a page. */
    String awaitPage(String region, String path) {
        await(path + " near " + region)
                .atMost(HomeUnderTest.PATIENCE.multipliedBy(3))
                .until(() -> get(region, path).statusCode() == 200);
        return get(region, path).body();
    }

    /** Opens a WebSocket near a region, waits for its first message, and closes it. */
    Map<?, ?> firstMessage(String region, String path, String... fields) throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket.Builder builder = client.newWebSocketBuilder().header("Sim-From", region);
        for (int i = 0; i < fields.length; i += 2) {
            builder.header(fields[i], fields[i + 1]);
        }
        URI uri = URI.create(app.resolve(path).toString().replace("http:", "ws:"));
        WebSocket socket = builder.buildAsync(uri, new Listener(first)).get(30, TimeUnit.SECONDS);
        try {
            return (Map<?, ?>) new JSON().fromJSON(first.get(30, TimeUnit.SECONDS));
        } finally {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        }
    }

    /** The machines that the last request for a path has been at, with what each did: {@code newark replay}. */
    List<String> wayOf(String path, String edge) {
        List<Map<?, ?>> hops = list(json("/api/events?kind=hop")).stream()
                .filter(hop -> path.equals(hop.get("path")) && edge.equals(hop.get("edge")))
                .toList();
        String last = String.valueOf(hops.get(hops.size() - 1).get("request"));
        return hops.stream()
                .filter(hop -> last.equals(hop.get("request")))
                .map(hop -> hop.get("machine") + " " + hop.get("decision"))
                .toList();
    }

    /** The ids of all machines. */
    private List<String> machines() {
        return list(Objects.requireNonNull(((Map<?, ?>) json("/api/state")).get("machines"))).stream()
                .map(machine -> String.valueOf(machine.get("id")))
                .toList();
    }

    private static List<Map<?, ?>> list(Object array) {
        return Arrays.stream((Object[]) array)
                .<Map<?, ?>>map(element -> (Map<?, ?>) element)
                .toList();
    }

    private Object json(String path) {
        HttpRequest request = HttpRequest.newBuilder(control.resolve(path))
                .timeout(HomeUnderTest.PATIENCE)
                .build();
        return new JSON()
                .fromJSON(client.sendAsync(request, BodyHandlers.ofString())
                        .join()
                        .body());
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
        assertThat(Processes.withEnvironment(marks)).as("machines in " + folder).isNotEmpty();
        process.destroy();
        await("the end of the simulator").atMost(HomeUnderTest.PATIENCE).until(() -> !process.isAlive());
        await("the end of its machines").atMost(HomeUnderTest.PATIENCE).until(() -> Processes.withEnvironment(marks)
                .isEmpty());
    }

    /** Hears one whole text. */
    private record Listener(CompletableFuture<String> first, StringBuilder text) implements WebSocket.Listener {
        Listener(CompletableFuture<String> first) {
            this(first, new StringBuilder());
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                first.complete(text.toString());
            }
            socket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            first.completeExceptionally(failure);
        }
    }
}
