package marina.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import marina.connection.Answer;
import marina.connection.Call;
import marina.connection.Limits;
import marina.connection.RequestHead;
import marina.metrics.Journey;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** One exchange on its way: the attempts at the backend, the answer, and the one completion of the client's callback. */
final class ForwardedExchange implements Call.Listener {

    private final Forwarder forwarder;
    private final ForwardTarget target;
    private final ClientSide client;
    private final @Nullable Upgrade upgrade;
    private final @Nullable ClientBody body;
    private final AnswerRelay answer;
    private final Limits limits;
    private final Journey journey;
    private final AtomicReference<@Nullable Throwable> clientGone = new AtomicReference<>();
    private final AtomicInteger unfinished = new AtomicInteger(2);
    private volatile @Nullable Call call;
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
        this.limits = target.policy().timeouts().or(forwarder.timeouts());
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
        Call sent = call;
        if (sent != null) {
            sent.abort(failure);
        }
    }

    private void send() {
        boolean asksFirst = body != null && client.request().getHeaders().contains(HttpHeader.EXPECT);
        Call next = new Call(head(), body, !asksFirst, limits, this);
        call = next;
        Throwable gone = clientGone.get();
        if (gone != null) {
            finish(gone);
            return;
        }
        journey.asked();
        forwarder.connections().make(next, client.request(), target.origin());
        if (asksFirst) {
            Duration patience = forwarder.timeouts().goOn();
            forwarder.scheduler().schedule(next::goOn, patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private RequestHead head() {
        var uri = client.request().getHttpURI();
        String path = target.backendPath(uri, CanonicalPath.raw(client.request()));
        String query = uri.getQuery();
        String method = client.request().getMethod();
        HttpFields.Mutable fields = target.backendFields(client.request());
        if (upgrade != null) {
            upgrade.addTo(fields);
            method = upgrade.backendMethod(method);
        }
        if (body != null && body.getLength() < 0) {
            fields.remove(HttpHeader.CONTENT_LENGTH);
            fields.put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);
        } else if (body == null && Reaches.expectsBody(method) && !fields.contains(HttpHeader.CONTENT_LENGTH)) {
            fields.put(HttpHeader.CONTENT_LENGTH, "0"); // RFC 9110 section 8.6
        }
        return new RequestHead(method, query == null ? path : path + "?" + query, fields);
    }

    @Override
    public void interim(int status, HttpFields fields) {
        answer.interim(status, fields);
    }

    @Override
    public void answered(Answer head, Content.Source source) throws IOException {
        journey.replied();
        if (upgrade != null && upgrade.extended() && HttpStatus.isSuccess(head.status())) {
            // To the client 200 would mean that the tunnel stands (RFC 8441 section 5).
            throw new IOException("the backend answered " + head.status() + " to an upgrade");
        }
        NamedFile file = NamedFile.in(
                head, client.request().getHttpURI(), target.policy().files(), forwarder.warnedOfNamedFile());
        named = file;
        answer.head(head);
        if (file == null) {
            answer.body(source, failure -> relayed(source, failure));
        } else {
            file.discard(source, this::discarded);
        }
    }

    @Override
    public void switched(Answer head, EndPoint backend) throws IOException {
        journey.replied();
        if (upgrade == null) {
            throw new IOException("the backend answered 101 without being asked");
        }
        Tunnels.open(forwarder, client, upgrade, target.policy().ping(), head, backend);
    }

    /** The file is sent when the backend is done with the request, which it may have answered before reading all of it. */
    private void discarded(@Nullable Throwable failure) {
        if (failure == null) {
            nameComplete = true;
            awaitUpload();
        }
    }

    private void awaitUpload() {
        Call answeredCall = call;
        if (answeredCall != null && body != null && !body.isDelivered()) {
            UploadAfterAnswer.watch(forwarder.scheduler(), body, client.end().ended(), answeredCall::abort);
        }
    }

    private void relayed(Content.Source source, @Nullable Throwable failure) {
        relayFailure = failure;
        Call answeredCall = call;
        if (failure != null && answeredCall != null) {
            answeredCall.abort(failure);
            source.fail(failure);
        }
        if (!arrive() && failure == null) {
            awaitUpload();
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
    public void over(@Nullable Throwable failure) {
        NamedFile file = named;
        if (answer.bodyBegun()) {
            arrive();
        } else if (file != null && (failure == null || nameComplete) && !clientFailed()) {
            touchClient(() -> file.send(client));
        } else if (failure == null) {
            finish(new IOException("the backend has not answered"));
        } else if (isStaleConnection(failure)) {
            stale = failure;
            send();
        } else {
            // A refusal of the second try does not make the first undone: the backend may have seen the request.
            Throwable first = stale;
            finish(first != null && failure instanceof ConnectException ? first : failure);
        }
    }

    /**
     * Whether the request failed because the backend closed a pooled connection while it was being sent: then it is
     * sent once more (RFC 9112 section 9.3.1), if it has no body and may be repeated. A refused connection is none of
     * these cases, since whoever chose the backend may know by now that it has moved.
     */
    private boolean isStaleConnection(Throwable failure) {
        Call failed = call;
        return stale == null
                && failed != null
                && !failed.isReplied()
                && failed.isOnUsedConnection()
                && body == null
                && clientGone.get() == null
                && Reaches.isIdempotent(client.request().getMethod())
                && failure instanceof IOException
                && !(failure instanceof ConnectException);
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
            Call last = call;
            boolean sent = stale != null || last == null || last.hasBegun();
            TargetWatch.Reach reach = last != null && last.isReplied()
                    ? TargetWatch.Reach.FINAL
                    : Reaches.of(client.request().getMethod(), body, sent, failure);
            forwarder.writeFailure(new TargetWatch.Failure(failure, reach), client);
        }
    }
}
