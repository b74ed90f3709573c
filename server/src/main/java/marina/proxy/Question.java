package marina.proxy;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;

/** One question of Marina's own to a server, with a short answer, on a connection of its own. */
final class Question extends BufferingResponseListener {
    private static final int LONGEST_ANSWER = 64 * 1024;

    private final CompletableFuture<Forwarder.Answer> answer = new CompletableFuture<>();

    private Question() {
        super(LONGEST_ANSWER);
    }

    static CompletableFuture<Forwarder.Answer> ask(
            HttpClient client, URI server, String method, URI target, Duration timeout) {
        Question question = new Question();
        BackendAddress address = BackendAddress.of(server);
        Request request = client.newRequest(target)
                .method(method)
                .transport(address.transport())
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .headers(headers -> headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE)
                        .put(HttpHeader.ACCEPT, "*/*"));
        request.send(question);
        return question.answer;
    }

    @Override
    public void onComplete(Result result) {
        if (result.isFailed()) {
            answer.completeExceptionally(result.getFailure());
        } else {
            answer.complete(new Forwarder.Answer(result.getResponse().getStatus(), getContentAsString()));
        }
    }
}
