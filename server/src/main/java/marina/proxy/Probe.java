package marina.proxy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;

/** One question whether a backend answers: over when the head of the answer is there, on a connection of its own. */
final class Probe implements Response.Listener {

    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    private Probe() {}

    static CompletableFuture<Integer> send(HttpClient client, URI origin, String path, Duration timeout) {
        Probe probe = new Probe();
        BackendAddress address = BackendAddress.of(origin);
        Request request = client.newRequest(address.http().resolve(path))
                .transport(address.transport())
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .headers(headers -> headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE)
                        .put(HttpHeader.ACCEPT, "*/*"));
        request.send(probe);
        return probe.status;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the rest of the answer is of no interest
    public void onHeaders(Response response) {
        status.complete(response.getStatus());
        response.abort(new IOException("the status is all that a probe asks for"));
    }

    @Override
    public void onComplete(Result result) {
        Throwable failure = result.getFailure();
        status.completeExceptionally(failure == null ? new IOException("the answer had no status") : failure);
    }
}
