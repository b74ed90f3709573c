package marina.proxy;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import marina.connection.Answer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Passes the backend's answer to the client: interim responses, head, body and trailers, in the order they came. */
final class AnswerRelay {

    private final ClientSide client;
    private volatile CompletableFuture<Void> interim = CompletableFuture.completedFuture(null);
    private volatile boolean bodyBegun;
    private volatile boolean lengthOpen;

    AnswerRelay(ClientSide client) {
        this.client = client;
    }

    void interim(int status, HttpFields headers) {
        if (client.knowsInterimResponses()) {
            HttpFields.Mutable fields = HttpFields.build();
            ForwardedHeaders.toClient(headers, fields);
            fields.remove(
                    HttpHeader.CONTENT_LENGTH); // RFC 9110 section 8.6: it has none; Jetty would keep it for the answer
            interim = interim.thenCompose(before -> client.response().writeInterim(status, fields));
        }
    }

    /** Prepares the head; it is written together with the first piece of the body, or when that is slow to come. */
    void head(Answer answer) {
        Response response = client.response();
        response.setStatus(answer.status());
        lengthOpen = client.leavesLengthOpen(answer);
        ForwardedHeaders.toClient(answer.fields(), response.getHeaders());
        client.watch().answered(answer.status(), response.getHeaders());
        if (client.needsChunks(answer)) {
            // Chunked even if this is the last answer on its connection: else an abort would look like the end.
            response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);
        }
        if (answer.fields().contains(HttpHeader.TRAILER)) {
            response.setTrailersSupplier(() -> ForwardedHeaders.trailers(answer.trailers()));
        }
    }

    /**
     * Writes the body as it comes.
     *
     * @param done called once, when the last byte has been written (null) or with the failure of either side
     */
    void body(Content.Source source, Consumer<@Nullable Throwable> done) {
        ResponsePump pump = new ResponsePump(source, client.response(), lengthOpen, done);
        bodyBegun = true;
        interim = interim.whenComplete((written, failure) -> pump.iterate());
    }

    /** Whether {@link #body} has been called, so that its consumer will tell the end. */
    boolean bodyBegun() {
        return bodyBegun;
    }
}
