package marina.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.ajax.JSON;

/** The game as its players see it, each near a region. */
final class GameFleet extends SimulatorProcess {
    GameFleet(Path folder, Path fleet) throws IOException {
        super(folder, fleet);
    }

    /** What the edge answers to a browser near a region. */
    HttpResponse<String> get(String region, String path) {
        return client().sendAsync(
                        HttpRequest.newBuilder(uri(path))
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
        WebSocket.Builder builder = client().newWebSocketBuilder().header("Sim-From", region);
        for (int i = 0; i < fields.length; i += 2) {
            builder.header(fields[i], fields[i + 1]);
        }
        URI uri = URI.create(uri(path).toString().replace("http:", "ws:"));
        WebSocket socket = builder.buildAsync(uri, new Listener(first)).get(30, TimeUnit.SECONDS);
        try {
            return (Map<?, ?>) new JSON().fromJSON(first.get(30, TimeUnit.SECONDS));
        } finally {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        }
    }

    /** The machines that the last request for a path has been at, with what each did: {@code newark replay}. */
    List<String> wayOf(String path, String edge) {
        List<Map<?, ?>> hops = events("kind=hop").stream()
                .filter(hop -> path.equals(hop.get("path")) && edge.equals(hop.get("edge")))
                .toList();
        String last = String.valueOf(hops.get(hops.size() - 1).get("request"));
        return hops.stream()
                .filter(hop -> last.equals(hop.get("request")))
                .map(hop -> hop.get("machine") + " " + hop.get("decision"))
                .toList();
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
