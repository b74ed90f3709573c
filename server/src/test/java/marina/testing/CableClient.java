package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A browser on a cable: what it is sent comes out as texts in order, its end as {@code close 1001}. Pings are answered and not shown. */
public final class CableClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PING = "{\"type\":\"ping\"}";

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final boolean answersPings;
    private @Nullable WebSocket socket;
    private volatile String reason = "";

    private CableClient(boolean answersPings) {
        this.answersPings = answersPings;
    }

    /** Opens a socket. */
    public static CableClient open(URI server, String path) {
        return opening(server, path, true).join();
    }

    /** Opens one whose page shows no sign of life; it sees the pings. */
    public static CableClient openSilent(URI server, String path) {
        return opening(server, path, false).join();
    }

    /** Opens a socket; fails as the handshake does. */
    public static CompletableFuture<CableClient> opening(URI server, String path, boolean answersPings) {
        CableClient client = new CableClient(answersPings);
        URI uri = URI.create("ws://" + server.getAuthority() + path);
        return CLIENT.newWebSocketBuilder().buildAsync(uri, client).thenApply(socket -> {
            client.socket = socket;
            return client;
        });
    }

    /** Sends a text. */
    public CableClient send(String message) {
        socket().sendText(message, true).join();
        return this;
    }

    /** Sends a piece of a text, whose end is to follow. */
    public CableClient sendPiece(String piece) {
        socket().sendText(piece, false).join();
        return this;
    }

    /** Sends the beginning of a message, or a part of it: the server may not want to hear it. */
    public void sendUnheard(String piece) {
        socket().sendText(piece, false).handle((sent, failure) -> failure).join();
    }

    /** Subscribes and waits for the answer. */
    public CableClient subscribe(String stream) {
        send("{\"type\":\"subscribe\",\"stream\":\"" + stream + "\"}");
        assertThat(next()).isEqualTo("{\"type\":\"subscribed\",\"stream\":\"" + stream + "\"}");
        return this;
    }

    /** The next text, or how it ended. */
    public String next() {
        try {
            String event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("a message within thirty seconds").isNotNull();
            return String.valueOf(event);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a message", e);
        }
    }

    /** What the server said when it closed the socket. */
    public String reason() {
        return reason;
    }

    /** Whether something came that nobody has asked for yet. */
    public boolean hasMore() {
        return !events.isEmpty();
    }

    private WebSocket socket() {
        if (socket == null) {
            throw new AssertionError("it is not open");
        }
        return socket;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            String message = text.toString();
            text.setLength(0);
            if (answersPings && message.equals(PING)) {
                var unused = from.sendText("{\"type\":\"pong\"}", true);
            } else {
                events.add(message);
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        this.reason = reason;
        events.add("close " + code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        events.add("error");
    }

    @Override
    public void close() {
        socket().abort();
    }
}
