package marina.proxy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A request to a backend whose target is sent byte for byte. Jetty's own request parses path and query as a URI and
 * refuses what browsers send every day: {@code | { } ^ "} and a lone percent sign.
 */
final class BackendRequest extends HttpRequest {

    private final String rawPath;
    private final @Nullable String rawQuery;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final BiConsumer<Integer, HttpFields> interim;

    /**
     * @param interim takes the interim responses (1xx, other than 100 and 101)
     */
    BackendRequest(
            HttpClient client,
            URI origin,
            String rawPath,
            @Nullable String rawQuery,
            BiConsumer<Integer, HttpFields> interim) {
        super(client, new HttpConversation(), origin);
        this.rawPath = rawPath;
        this.rawQuery = rawQuery;
        this.interim = interim;
        onRequestBegin(request -> begun.complete(null));
    }

    @Override
    public String getPath() {
        return rawPath;
    }

    @Override
    public @Nullable String getQuery() {
        return rawQuery;
    }

    /** Aborts it when no connection is given to it in time; a pooled one has been by now. */
    void limitConnecting(Scheduler scheduler, Duration limit) {
        if (begun.isDone()) {
            return;
        }
        Scheduler.Task deadline = scheduler.schedule(
                () -> {
                    var unused = abort(new SocketTimeoutException("no connection was accepted within " + limit));
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        var unused = begun.thenRun(deadline::cancel);
    }

    /** Whether a connection has been given to it, so that the backend may see it. */
    boolean isBegun() {
        return begun.isDone();
    }

    void interimResponse(int status, HttpFields headers) {
        interim.accept(status, headers);
    }

    /** Jetty's receiver keeps its buffer when it is aborted between two reads; this is the way to have it released. */
    static void releaseReadBuffer(@Nullable Object connection) {
        if (connection instanceof Connection.UpgradeFrom reading) {
            reading.onUpgradeFrom();
        }
    }

    /** The end of the connection that it was sent on, when there is one. */
    @Nullable
    EndPoint endPoint() {
        return getConversation().getAttribute(EndPoint.class.getName()) instanceof EndPoint backend ? backend : null;
    }

    /** A final answer in place of 100: the body is not wanted any more. Changes nothing when it is on its way. */
    void answered() {
        HttpExchange exchange = getConversation().getExchanges().peekLast();
        if (exchange != null && getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString())) {
            exchange.proceed(null, new IOException("the backend did not want the body of the request"));
        }
    }

    /** A backend that does not know 100 Continue waits for the body as the client waits for the word. */
    void goOn() {
        HttpExchange exchange = getConversation().getExchanges().peekLast();
        if (exchange != null) {
            exchange.proceed(null, null);
        }
    }
}
