package marina.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** The DevTools protocol of one page: calls and their answers, and what the page complains about. Thread-safe. */
final class DevTools implements WebSocket.Listener {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Map<Integer, CompletableFuture<Map<?, ?>>> calls = new ConcurrentHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket socket;

    private DevTools() {}

    static DevTools connect(URI uri) {
        DevTools tools = new DevTools();
        tools.socket = CLIENT.newWebSocketBuilder().buildAsync(uri, tools).join();
        return tools;
    }

    /** Calls and waits for the answer. */
    synchronized Map<?, ?> call(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        calls.put(id, answer);
        WebSocket open = socket;
        if (open == null) {
            throw new AssertionError("not connected");
        }
        open.sendText(new JSON().toJSON(Map.of("id", id, "method", method, "params", parameters)), true)
                .join();
        Map<?, ?> message = answer.orTimeout(60, TimeUnit.SECONDS).join();
        if (message.get("error") != null) {
            throw new AssertionError(method + " " + parameters + ": " + message.get("error"));
        }
        return (Map<?, ?>) message.get("result");
    }

    /** Calls without waiting. */
    void tell(String method) {
        WebSocket open = socket;
        if (open != null) {
            open.sendText(new JSON().toJSON(Map.of("id", ids.incrementAndGet(), "method", method)), true)
                    .join();
        }
    }

    /** What went wrong in the page so far. */
    List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            Map<?, ?> message = (Map<?, ?>) new JSON().fromJSON(text.toString());
            text.setLength(0);
            take(message);
        }
        from.request(1);
        return null;
    }

    private void take(Map<?, ?> message) {
        if (message.get("id") instanceof Number id) {
            CompletableFuture<Map<?, ?>> answer = calls.remove(id.intValue());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        String method = String.valueOf(message.get("method"));
        if (method.equals("Runtime.exceptionThrown")) {
            note(String.valueOf(message.get("params")));
        } else if (method.equals("Page.javascriptDialogOpening")) {
            note("a dialog of the browser: " + message.get("params"));
        } else if (method.equals("Log.entryAdded") && message.get("params") instanceof Map<?, ?> params) {
            Map<?, ?> entry = (Map<?, ?>) params.get("entry");
            if (!"network".equals(entry.get("source")) && "error".equals(entry.get("level"))) {
                note(entry.get("source") + ": " + entry.get("text"));
            }
        }
    }

    private void note(String problem) {
        synchronized (problems) {
            problems.add(problem);
        }
    }
}
