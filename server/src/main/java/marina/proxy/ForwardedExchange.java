package marina.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import marina.metrics.Journey;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Response.Listener;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One exchange on its way: the attempts at the backend, the answer, and the one completion of the client's callback. */
final class ForwardedExchange implements Listener {

    private final Forwarder forwarder;
    private final ForwardTarget target;
    private final ClientSide client;
    private final @Nullable Upgrade upgrade;
    private final @Nullable ClientBody body;
    private final AnswerRelay answer;
    private final TargetTimeouts timeouts;
    private final Journey journey;
    private final AtomicReference<@Nullable Throwable> clientGone = new AtomicReference<>();
    private final AtomicInteger unfinished = new AtomicInteger(2);
    private volatile @Nullable BackendRequest backendRequest;
    private volatile boolean answered;
    private volatile @Nullable Throwable stale; // why it was sent once more
    private volatile @Nullable Throwable relayFailure;
    private volatile @Nullable NamedFile named;
    private volatile boolean nameComplete; // the answer with the name has ended

    ForwardedExchange(Forwarder forwarder, ForwardTarget target, ClientSide client) {
        this.forwarder = forwarder;
        this.target = target;
        this.client = client;
        this.upgrade = Upgrade.of(client.request());
        this.body = upgrade == null || !upgrade.extended() ? ClientBody.of(client.request()) : null;
        this.answer = new AnswerRelay(client);
        this.journey = Journey.of(client.request());
        this.timeouts = target.policy().timeouts().or(forwarder.timeouts());
    }

    void start() {
        // A client that only waits for its answer is not idle; one that stalls a read or a write still is.
        client.request().addIdleTimeoutListener(timeout -> false);
        ClientWatch.on(client.request(), this::clientFailed);
        if (body != null) {
            var unused = client.end().ended().thenRun(body::release);
        }
        send();
    }

    private void clientFailed(Throwable failure) {
        if (body != null && body.isHandedOn(failure)) {
            return; // the backend's failure, told to the client's request
        }
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
        BackendRequest request = newBackendRequest();
        backendRequest = request;
        Throwable gone = clientGone.get();
        if (gone != null) {
            finish(gone);
            return;
        }
        journey.asked();
        request.send(this);
        request.limitConnecting(forwarder.scheduler(), timeouts.connect());
        if (body != null && client.request().getHeaders().contains(HttpHeader.EXPECT)) {
            Duration patience = forwarder.timeouts().goOn();
            forwarder.scheduler().schedule(request::goOn, patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private BackendRequest newBackendRequest() {
        var uri = client.request().getHttpURI();
        BackendAddress address = BackendAddress.of(target.origin());
        BackendRequest request = new BackendRequest(
                forwarder.client(),
                address.http(),
                target.backendPath(uri, CanonicalPath.raw(client.request())),
                uri.getQuery(),
                answer::interim);
        request.transport(address.transport());
        HttpFields.Mutable fields = target.backendFields(client.request());
        request.method(client.request().getMethod());
        if (upgrade != null) {
            upgrade.addTo(fields);
            request.method(upgrade.backendMethod(client.request().getMethod()));
        }
        HttpUpgrader.Factory upgrader = version ->
                new TunnelUpgrader(forwarder, client, upgrade, target.policy().ping());
        request.attribute(HttpUpgrader.Factory.class.getName(), upgrader);
        request.headers(headers -> headers.clear().add(fields));
        request.version(HttpVersion.HTTP_1_1);
        request.idleTimeout(timeouts.answer().toMillis(), TimeUnit.MILLISECONDS);
        if (body != null) {
            request.body(body);
            request.onRequestSuccess(body::delivered);
            if (body.getLength() < 0) {
                // Without it Jetty's generator takes the body of some methods for a mistake.
                request.headers(headers -> headers.put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED));
            }
            if (client.request().getHeaders().contains(HttpHeader.TRAILER)) {
                request.trailersSupplier(
                        () -> ForwardedHeaders.trailers(client.request().getTrailers()));
            }
        }
        return request;
    }

    @Override
    public void onBegin(org.eclipse.jetty.client.Response response) {
        if (!HttpStatus.isInformational(response.getStatus())) {
            answered = true;
            journey.replied();
        }
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
        EndPoint backend = response.getRequest() instanceof BackendRequest request ? request.endPoint() : null;
        if (backend != null) {
            backend.setIdleTimeout(timeouts.quiet().toMillis());
        }
        named = NamedFile.in(response, target.policy().files(), forwarder.warnedOfNamedFile());
        answer.head(response);
    }

    @Override
    public void onContentSource(org.eclipse.jetty.client.Response response, Content.Source source) {
        if (HttpStatus.isInformational(response.getStatus())) {
            return;
        }
        NamedFile file = named;
        if (file == null) {
            answer.body(source, failure -> relayed(response, failure));
        } else {
            file.discard(source, failure -> discarded(response, failure));
        }
    }

    /** The file is sent when the backend is done with the request, which it may have answered before reading all of it. */
    private void discarded(org.eclipse.jetty.client.Response response, @Nullable Throwable failure) {
        if (failure != null) {
            abort(response.getRequest(), failure);
            return;
        }
        nameComplete = true;
        awaitUpload(response);
    }

    private void awaitUpload(org.eclipse.jetty.client.Response response) {
        if (body != null && !body.isDelivered()) {
            UploadAfterAnswer.watch(
                    forwarder.scheduler(), body, client.end().ended(), stuck -> abort(response.getRequest(), stuck));
        }
    }

    private void relayed(org.eclipse.jetty.client.Response response, @Nullable Throwable failure) {
        relayFailure = failure;
        if (failure != null) {
            abort(response.getRequest(), failure);
            BackendRequest.releaseReadBuffer(response.getRequest().getConnection());
        }
        if (!arrive() && failure == null) {
            awaitUpload(response);
        }
    }

    /** The exchange is over when the backend's side is and the answer has been written, in whatever order. */
    private boolean arrive() {
        boolean over = unfinished.decrementAndGet() == 0;
        if (over) {
            finish(relayFailure);
        }
        return over;
    }

    @Override
    public void onSuccess(org.eclipse.jetty.client.Response response) {
        if (response.getRequest() instanceof BackendRequest request) {
            request.answered();
        }
    }

    @Override
    public void onComplete(Result result) {
        NamedFile file = named;
        if (answer.bodyBegun()) {
            arrive();
        } else if (file != null && nameComplete && !clientFailed()) {
            touchClient(() -> file.send(client));
        } else if (result.isSucceeded()) {
            client.response().write(true, null, Callback.from(() -> finish(null), this::finish));
        } else if (isStaleConnection(result)) {
            stale = result.getFailure();
            send();
        } else {
            // A refusal of the second try does not make the first undone: the backend may have seen the request.
            Throwable first = stale;
            finish(first != null && result.getFailure() instanceof ConnectException ? first : result.getFailure());
        }
    }

    /**
     * Whether the request failed because the backend closed a pooled connection while it was being sent: then it is
     * sent once more (RFC 9112 section 9.3.1), if it has no body and may be repeated. A refused connection is none of
     * these cases, since whoever chose the backend may know by now that it has moved.
     */
    private boolean isStaleConnection(Result result) {
        Throwable failure = result.getFailure();
        return stale == null
                && !answered
                && body == null
                && clientGone.get() == null
                && Reaches.isIdempotent(client.request().getMethod())
                && failure instanceof IOException
                && !(failure instanceof ConnectException)
                && result.getRequest().getConnection() instanceof Connection connection
                && connection.getMessagesOut() > 1;
    }

    private boolean clientFailed() {
        return clientGone.get() != null || (body != null && body.clientFailure() != null);
    }

    private void finish(@Nullable Throwable failure) {
        touchClient(failure == null ? client.end()::succeeded : () -> fail(failure));
    }

    /** Writing or ending the answer reads what is left of the request. */
    private void touchClient(Runnable task) {
        if (body == null) {
            task.run();
        } else {
            body.whenNotRead(task);
        }
    }

    private void fail(Throwable failure) {
        Throwable fromClient = body == null ? null : body.clientFailure();
        Throwable gone = clientGone.get();
        boolean left = gone != null || client.hasLeft(fromClient);
        if (left && !client.response().isCommitted()) {
            Abandoned.mark(client.request());
        }
        if (gone != null || client.response().isCommitted()) {
            // Closing the connection is the only way left to say that the answer is not complete.
            client.end().failed(gone == null ? failure : gone);
        } else if (fromClient instanceof TimeoutException) {
            Response.writeError(client.request(), client.response(), client.end(), HttpStatus.REQUEST_TIMEOUT_408);
        } else if (fromClient != null) {
            client.end().failed(fromClient);
        } else {
            client.response().reset();
            BackendRequest last = backendRequest;
            boolean sent = stale != null || last == null || last.isBegun();
            TargetWatch.Reach reach = answered
                    ? TargetWatch.Reach.FINAL
                    : Reaches.of(client.request().getMethod(), body, sent, failure);
            forwarder.writeFailure(new TargetWatch.Failure(failure, reach), client);
        }
    }
}
