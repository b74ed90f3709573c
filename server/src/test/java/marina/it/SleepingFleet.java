package marina.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Machines that sleep and wake, and what people do to them. */
class SleepingFleet extends SimulatorProcess {
    final Path folder;

    SleepingFleet(Path folder) throws IOException {
        super(folder.resolve("sim"), folder.resolve("fleet.yml"));
        this.folder = folder;
    }

    List<String> ids() {
        return machines().stream()
                .map(machine -> String.valueOf(machine.get("id")))
                .toList();
    }

    /** GET through the edge, without waiting; fields are name, value, name, value. */
    CompletableFuture<HttpResponse<String>> getAsync(String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return client().sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** GET through the edge. */
    HttpResponse<String> get(String path, String... fields) {
        return getAsync(path, fields).join();
    }

    /** A WebSocket through the edge. */
    WebSocket webSocket(String path, WebSocket.Listener listener, String... fields) {
        WebSocket.Builder builder = client().newWebSocketBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            builder.header(fields[i], fields[i + 1]);
        }
        return builder.buildAsync(URI.create("ws" + uri(path).toString().substring(4)), listener)
                .join();
    }

    void awaitState(String id, String state) {
        await(id + " is " + state)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> state(id), state::equals);
    }

    /** The calls of a machine to the Machines API, of one kind. */
    List<Map<?, ?>> calls(String id, String call) {
        return events("kind=api").stream()
                .<Map<?, ?>>map(event -> event)
                .filter(event -> id.equals(event.get("machine")) && ("POST " + call).equals(event.get("call")))
                .toList();
    }

    /** What the Machines API does when a machine asks for a suspend. */
    void suspendFault(String id, String fault) {
        json("POST", "/api/machines/" + id + "/api", "{\"call\": \"suspend\", \"fault\": \"" + fault + "\"}");
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
}
