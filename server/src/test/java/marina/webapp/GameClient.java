package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** A player of the example game server: a real WebSocket, and all that it has been told. */
final class GameClient implements WebSocket.Listener, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StringBuilder text = new StringBuilder();
    private final Queue<Map<?, ?>> heard = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;
    // of pictures:
    private final AtomicLong pictures = new AtomicLong();
    private final AtomicLong boats = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private volatile long lastPicture;

    private GameClient(HttpClient client, URI uri) {
        socket = client.newWebSocketBuilder().buildAsync(uri, this).join();
    }

    /** Enters an arena, and waits for the welcome. */
    static GameClient enter(HttpClient client, URI arena) {
        GameClient player = connect(client, arena);
        player.awaitHeard("a welcome", message -> "welcome".equals(message.get("t")));
        return player;
    }

    /** Opens the connection, whatever comes of it. */
    static GameClient connect(HttpClient client, URI arena) {
        return new GameClient(client, URI.create(arena.toString().replace("http:", "ws:") + "live"));
    }

    GameClient send(String line) {
        try {
            socket.sendText(line, true).get(20, TimeUnit.SECONDS);
            return this;
        } catch (Exception e) {
            throw new AssertionError(line, e);
        }
    }

    /** Sends a line as fast as it goes, a thousand times at most. */
    void sendUntilClosed(String line) throws InterruptedException, TimeoutException {
        for (int i = 0; i < 1_000 && !closed.isDone(); i++) {
            try {
                socket.sendText(line, true).get(20, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                return; // the other side has closed meanwhile
            }
        }
    }

    /** Its name, if it has chosen none. */
    String name() {
        return "Guest " + welcome().get("you");
    }

    /** What the welcome said. */
    Map<?, ?> welcome() {
        return messages("welcome").get(0);
    }

    /** The texts of the chat that the welcome brought. */
    List<String> history() {
        return Arrays.stream((Object[]) Objects.requireNonNull(welcome().get("lines")))
                .map(line -> String.valueOf(((Map<?, ?>) line).get("text")))
                .toList();
    }

    /** The lines of the chat since then. */
    List<String> lines() {
        return messages("line").stream()
                .map(message -> (Map<?, ?>) Objects.requireNonNull(message.get("line")))
                .map(line -> line.get("from") + ": " + line.get("text"))
                .toList();
    }

    /** The names of those who are here, as told last. */
    List<String> present() {
        List<Map<?, ?>> told = messages("players");
        return told.isEmpty()
                ? List.of()
                : Arrays.stream((Object[])
                                Objects.requireNonNull(told.get(told.size() - 1).get("players")))
                        .map(player -> String.valueOf(((Map<?, ?>) player).get("name")))
                        .toList();
    }

    List<Map<?, ?>> messages(String type) {
        return heard.stream().filter(message -> type.equals(message.get("t"))).toList();
    }

    void awaitHeard(String what, Predicate<Map<?, ?>> wanted) {
        await(what).atMost(PATIENCE).until(() -> heard.stream().anyMatch(wanted));
    }

    void awaitLine(String line) {
        await("the line " + line).atMost(PATIENCE).until(() -> lines().contains(line));
    }

    void awaitPresent(String... names) {
        await("present: " + List.of(names)).atMost(PATIENCE).untilAsserted(() -> assertThat(present())
                .containsExactlyInAnyOrder(names));
    }

    /** The status that the server closes the connection with. */
    int awaitClose() throws Exception {
        return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Counts pictures from now on. */
    void startCounting() {
        pictures.set(0);
        boats.set(0);
        lastPicture = System.nanoTime();
        longestGapNanos.set(0);
    }

    long pictures() {
        return pictures.get();
    }

    /** How many places of boats all pictures had together. */
    long updates() {
        return boats.get();
    }

    Duration longestGap() {
        return Duration.ofNanos(Math.max(longestGapNanos.get(), System.nanoTime() - lastPicture));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            hear(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    /** Pictures are counted and not kept: there are many. */
    private void hear(String message) {
        Map<?, ?> parsed = (Map<?, ?>) Objects.requireNonNull(new JSON().fromJSON(message));
        if (!"picture".equals(parsed.get("t"))) {
            heard.add(parsed);
            return;
        }
        long now = System.nanoTime();
        pictures.incrementAndGet();
        boats.addAndGet(((Object[]) Objects.requireNonNull(parsed.get("b"))).length);
        longestGapNanos.accumulateAndGet(now - lastPicture, Math::max);
        lastPicture = now;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed.completeExceptionally(failure);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
