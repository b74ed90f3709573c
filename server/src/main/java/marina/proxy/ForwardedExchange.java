package marina.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Response.Listener;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/** One exchange on its way: the attempts at the backend, the answer, and the one completion of the client's callback. */
final class ForwardedExchange implements Listener {

    /** A pooled connection that broke unused is replaced; more than two in a row are not chance. */
    private static final int RETRIES = 3;

    private final Forwarder forwarder;
    private final ForwardTarget target;
    private final Request clientRequest;
    private final Response clientResponse;
    private final ExchangeEnd end;
    private final @Nullable Upgrade upgrade;
    private final @Nullable ClientBody body;
    private final AtomicReference<@Nullable Throwable> clientGone = new AtomicReference<>();
    private volatile @Nullable BackendRequest backendRequest;
    private volatile @Nullable ResponsePump pump;
    private volatile boolean answered;
    private volatile CompletableFuture<Void> interim = CompletableFuture.completedFuture(null);
    private volatile @Nullable Throwable pumpFailure;
    private final AtomicInteger unfinished = new AtomicInteger(2);
    private int attempts;

    ForwardedExchange(
            Forwarder forwarder,
            ForwardTarget target,
            Request clientRequest,
            Response clientResponse,
            ExchangeEnd end) {
        this.forwarder = forwarder;
        this.target = target;
        this.clientRequest = clientRequest;
        this.clientResponse = clientResponse;
        this.end = end;
        this.upgrade = Upgrade.of(clientRequest);
        this.body = upgrade == null || !upgrade.extended() ? ClientBody.of(clientRequest) : null;
    }

    void start() {
        // A client that only waits for its answer is not idle; one that stalls a read or a write still is.
        clientRequest.addIdleTimeoutListener(timeout -> false);
        clientRequest.addFailureListener(this::clientFailed);
        send();
    }

    private void clientFailed(Throwable failure) {
        clientGone.compareAndSet(null, failure);
        BackendRequest request = backendRequest;
        if (request != null) {
            abort(request, failure);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // too late is fine: then the exchange has ended on its own
    private static void abort(org.eclipse.jetty.client.Request request, Throwable failure) {
        request.abort(failure);
    }

    private void send() {
        attempts++;
        BackendRequest request = newBackendRequest();
        backendRequest = request;
        Throwable gone = clientGone.get();
        if (gone != null) {
            end.failed(gone);
            return;
        }
        request.send(this);
        if (body != null && clientRequest.getHeaders().contains(HttpHeader.EXPECT)) {
            Duration patience = forwarder.timeouts().goOn();
            forwarder.scheduler().schedule(() -> goOn(request), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private BackendRequest newBackendRequest() {
        var uri = clientRequest.getHttpURI();
        BackendRequest request = new BackendRequest(
                forwarder.client(), target.origin(), target.backendPath(uri), uri.getQuery(), this::relayInterim);
        String prefix = target.strip().isEmpty() ? "" : target.contextPath();
        HttpFields.Mutable fields =
                ForwardedHeaders.toBackend(clientRequest.getHeaders(), ClientView.of(clientRequest), prefix);
        request.method(clientRequest.getMethod());
        if (upgrade != null) {
            upgrade.addTo(fields);
            request.method(upgrade.backendMethod(clientRequest.getMethod()));
        }
        HttpUpgrader.Factory upgrader = version -> new TunnelUpgrader(this);
        request.attribute(HttpUpgrader.Factory.class.getName(), upgrader);
        request.headers(headers -> headers.clear().add(fields));
        request.version(HttpVersion.HTTP_1_1);
        request.idleTimeout(forwarder.timeouts().answer().toMillis(), TimeUnit.MILLISECONDS);
        if (body != null) {
            request.body(body);
            if (body.getLength() < 0) {
                // Without it Jetty's generator takes the body of some methods for a mistake.
                request.headers(headers -> headers.put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED));
            }
            if (clientRequest.getHeaders().contains(HttpHeader.TRAILER)) {
                request.trailersSupplier(clientRequest::getTrailers);
            }
        }
        return request;
    }

    /** A backend that does not know 100 Continue waits for the body as the client waits for the word. */
    private static void goOn(BackendRequest request) {
        HttpExchange exchange = request.getConversation().getExchanges().peekLast();
        if (exchange != null) {
            exchange.proceed(null, null);
        }
    }

    private void relayInterim(int status, HttpFields headers) {
        if (clientRequest.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_1_1.getVersion()) {
            return;
        }
        HttpFields.Mutable fields = HttpFields.build();
        ForwardedHeaders.toClient(headers, fields);
        interim = interim.thenCompose(before -> clientResponse.writeInterim(status, fields));
    }

    @Override
    public void onBegin(org.eclipse.jetty.client.Response response) {
        answered |= !HttpStatus.isInformational(response.getStatus());
    }

    @Override
    public void onHeaders(org.eclipse.jetty.client.Response response) {
        if (HttpStatus.isInformational(response.getStatus())) {
            return; // repeated here when the connection breaks after an interim answer, or 101 was not asked for
        }
        if (upgrade != null && upgrade.extended() && HttpStatus.isSuccess(response.getStatus())) {
            // To the client 200 would mean that the tunnel stands (RFC 8441 section 5).
            abort(
                    response.getRequest(),
                    new IOException("the backend answered " + response.getStatus() + " to an upgrade"));
            return;
        }
        Object endPoint = backendConversationEndPoint(response);
        if (endPoint instanceof EndPoint backend) {
            backend.setIdleTimeout(forwarder.timeouts().quiet().toMillis());
        }
        clientResponse.setStatus(response.getStatus());
        ForwardedHeaders.toClient(response.getHeaders(), clientResponse.getHeaders());
        if (hasBodyOfUnknownLength(response)) {
            // Chunked even if this is the last answer on its connection: else an abort would look like the end.
            clientResponse.getHeaders().put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);
        }
        if (response.getHeaders().contains(HttpHeader.TRAILER)) {
            clientResponse.setTrailersSupplier(response::getTrailers);
        }
    }

    private boolean hasBodyOfUnknownLength(org.eclipse.jetty.client.Response response) {
        return clientRequest.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                && !HttpMethod.HEAD.is(clientRequest.getMethod())
                && !HttpStatus.hasNoBody(response.getStatus())
                && !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH);
    }

    private static @Nullable Object backendConversationEndPoint(org.eclipse.jetty.client.Response response) {
        return response.getRequest() instanceof BackendRequest request
                ? request.getConversation().getAttribute(EndPoint.class.getName())
                : null;
    }

    @Override
    public void onContentSource(org.eclipse.jetty.client.Response response, Content.Source source) {
        if (HttpStatus.isInformational(response.getStatus())) {
            return;
        }
        ResponsePump started = new ResponsePump(source, clientResponse, failure -> pumped(response, failure));
        pump = started;
        interim = interim.whenComplete((done, failure) -> started.iterate());
    }

    private void pumped(org.eclipse.jetty.client.Response response, @Nullable Throwable failure) {
        pumpFailure = failure;
        if (failure != null) {
            abort(response.getRequest(), failure);
            if (response.getRequest().getConnection() instanceof Connection.UpgradeFrom connection) {
                releaseReadBuffer(connection);
            }
        }
        arrive();
    }

    /** The exchange is over when the backend's side is and the answer has been written, in whatever order. */
    private void arrive() {
        if (unfinished.decrementAndGet() == 0) {
            finish(pumpFailure);
        }
    }

    @Override
    public void onSuccess(org.eclipse.jetty.client.Response response) {
        if (response.getRequest() instanceof BackendRequest request && expectsContinue(request)) {
            // A final answer in place of 100: the body is not wanted any more (no-op when it is on its way).
            HttpExchange exchange = request.getConversation().getExchanges().peekLast();
            if (exchange != null) {
                exchange.proceed(null, new IOException("the backend did not want the body of the request"));
            }
        }
    }

    private static boolean expectsContinue(BackendRequest request) {
        return request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
    }

    @Override
    public void onComplete(Result result) {
        if (pump != null) {
            arrive();
        } else if (result.isSucceeded()) {
            clientResponse.write(true, null, Callback.from(() -> finish(null), this::finish));
        } else if (isStaleConnection(result)) {
            send();
        } else {
            finish(result.getFailure());
        }
    }

    /**
     * Whether the request failed because the backend closed a pooled connection while it was being sent: the same
     * answer that a new connection would have given is then owed to the client (RFC 9112 section 9.3.1).
     */
    private boolean isStaleConnection(Result result) {
        Throwable failure = result.getFailure();
        return attempts <= RETRIES
                && !answered
                && body == null
                && clientGone.get() == null
                && isIdempotent(clientRequest.getMethod())
                && failure instanceof IOException
                && !(failure instanceof ConnectException)
                && result.getRequest().getConnection() instanceof Connection connection
                && connection.getMessagesOut() > 1;
    }

    private static boolean isIdempotent(String method) {
        HttpMethod known = HttpMethod.fromString(method);
        return known != null && (known.isIdempotent() || known.isSafe());
    }

    /** The backend accepted the upgrade: tells the client, then both connections are a tunnel. */
    void switchProtocols(org.eclipse.jetty.client.Response response, EndPoint backend, Callback upgraded) {
        Upgrade asked = upgrade;
        if (asked == null) {
            discard(backend);
            upgraded.failed(new IOException("the backend answered 101 without being asked"));
            return;
        }
        UpgradeTunnel tunnel = forwarder.newTunnel(asked.clientEndPoint(clientRequest), backend, end);
        clientResponse.setStatus(asked.clientStatus());
        ForwardedHeaders.toClient(response.getHeaders(), clientResponse.getHeaders());
        asked.accept(response.getHeaders(), clientResponse.getHeaders());
        clientRequest.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel.fromClient());
        Callback written = Callback.from(
                InvocationType.NON_BLOCKING,
                () -> {
                    end.tunnelOpened();
                    backend.upgrade(tunnel.fromBackend());
                    upgraded.succeeded();
                },
                failure -> {
                    discard(backend);
                    tunnel.end();
                    end.failed(failure);
                    upgraded.succeeded();
                });
        // The stream of HTTP/2 stays open after the head; that of HTTP/1.1 ends with it and becomes the tunnel.
        clientResponse.write(!asked.extended(), null, written);
    }

    private static void discard(EndPoint backend) {
        if (backend.getConnection() instanceof Connection.UpgradeFrom connection) {
            releaseReadBuffer(connection);
        }
        backend.close();
    }

    /** Jetty's receiver keeps its buffer when it is aborted between two reads; this is the way to have it released. */
    private static void releaseReadBuffer(Connection.UpgradeFrom connection) {
        connection.onUpgradeFrom();
    }

    private void finish(@Nullable Throwable failure) {
        if (failure == null) {
            end.succeeded();
            return;
        }
        Throwable fromClient = body == null ? null : body.clientFailure();
        Throwable gone = clientGone.get();
        if (gone != null || clientResponse.isCommitted()) {
            // Closing the connection is the only way left to say that the answer is not complete.
            end.failed(gone == null ? failure : gone);
        } else if (fromClient instanceof TimeoutException) {
            Response.writeError(clientRequest, clientResponse, end, HttpStatus.REQUEST_TIMEOUT_408);
        } else if (fromClient != null) {
            end.failed(fromClient);
        } else {
            clientResponse.reset();
            forwarder.writeFailure(statusOf(failure), failure, clientRequest, clientResponse, end);
        }
    }

    private static int statusOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || cause instanceof java.net.SocketTimeoutException) {
                return HttpStatus.GATEWAY_TIMEOUT_504;
            }
        }
        return HttpStatus.BAD_GATEWAY_502;
    }
}
