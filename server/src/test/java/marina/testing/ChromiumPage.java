package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.ajax.JSON;

/** A tab of {@link Chromium}, driven by the DevTools protocol. For one thread. */
public final class ChromiumPage implements WebSocket.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, CompletableFuture<Map<?, ?>>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    ChromiumPage(HttpClient client, URI uri) {
        socket = client.newWebSocketBuilder().buildAsync(uri, this).join();
    }

    /** Goes to an address and waits until the page is there. */
    public void go(URI page) {
        ask("Page.navigate", Map.of("url", page.toString()));
        awaitTrue("location.href.startsWith('http') && document.readyState === 'complete'");
    }

    /** What an expression of JavaScript gives; of a promise what it becomes. */
    public String evaluate(String expression) {
        Map<?, ?> answer =
                ask("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        assertThat(answer.get("exceptionDetails")).as(expression).isNull();
        return answer.get("result") instanceof Map<?, ?> result ? String.valueOf(result.get("value")) : "";
    }

    /** Waits until an expression is true. */
    public void awaitTrue(String expression) {
        await(expression).atMost(PATIENCE).until(() -> evaluate("!!(" + expression + ")"), "true"::equals);
    }

    /** What the page looks like, as PNG. */
    public void screenshot(Path file) {
        try {
            String data = String.valueOf(ask("Page.captureScreenshot", Map.of()).get("data"));
            Files.write(file, Base64.getDecoder().decode(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<?, ?> ask(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        asked.put(Integer.toString(id), answer);
        String message = new JSON().toJSON(Map.of("id", id, "method", method, "params", parameters));
        socket.sendText(message, true).join();
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            hear(new JSON().fromJSON(text.toString()));
            text.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void hear(Object message) {
        if (message instanceof Map<?, ?> map && map.get("id") != null) {
            CompletableFuture<Map<?, ?>> answer = asked.remove(String.valueOf(map.get("id")));
            Object result = map.get("result");
            Objects.requireNonNull(answer)
                    .complete(result instanceof Map<?, ?> found ? found : Map.of("exceptionDetails", map));
        }
    }
}
