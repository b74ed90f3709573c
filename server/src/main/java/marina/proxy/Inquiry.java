package marina.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Transport;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Question} to a server, on a connection of its own each time: so it finds out as well whether new connections are
 * accepted. Over when as much of the answer is there as is wanted.
 */
final class Inquiry implements Response.Listener {
    /** Keeps its connections apart from those of exchanges. */
    private static final String TAG = "inquiry";

    private final HttpClient client;
    private final Transport transport;
    private final Question question;
    private final long deadline;
    private final CompletableFuture<Question.Reply> reply;
    private final URI uri;
    private final int redirectsLeft;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable URI next;

    private Inquiry(
            HttpClient client,
            Transport transport,
            Question question,
            long deadline,
            CompletableFuture<Question.Reply> reply,
            URI uri,
            int redirectsLeft) {
        this.client = client;
        this.transport = transport;
        this.question = question;
        this.deadline = deadline;
        this.reply = reply;
        this.uri = uri;
        this.redirectsLeft = redirectsLeft;
    }

    static CompletableFuture<Question.Reply> send(HttpClient client, Question question, Transport transport) {
        CompletableFuture<Question.Reply> reply = new CompletableFuture<>();
        long deadline = System.nanoTime() + question.timeout().toNanos();
        try {
            URI uri = question.server().resolve(question.path());
            new Inquiry(client, transport, question, deadline, reply, uri, question.redirects()).ask();
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
        return reply;
    }

    private void ask() {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            reply.completeExceptionally(tooLate());
            return;
        }
        Request request = client.newRequest(uri)
                .tag(TAG)
                .transport(transport)
                .method(question.method())
                .timeout(left, TimeUnit.MILLISECONDS)
                .headers(fields -> {
                    fields.put(HttpHeader.ACCEPT, "*/*");
                    question.fields().forEach(fields::put);
                    fields.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
                });
        request.send(this);
    }

    @Override
    public void onHeaders(Response response) {
        String location = response.getHeaders().get(HttpHeader.LOCATION);
        if (HttpStatus.isRedirection(response.getStatus()) && location != null && redirectsLeft > 0) {
            next = target(location);
        }
        if (next == null && question.mostBody() == 0) {
            enough(response);
        }
    }

    @Override
    public void onContent(Response response, ByteBuffer content) {
        if (next != null) {
            return;
        }
        int wanted = Math.min(content.remaining(), question.mostBody() - body.size());
        byte[] piece = new byte[wanted];
        content.get(piece);
        body.write(piece, 0, wanted);
        if (body.size() >= question.mostBody()) {
            enough(response);
        }
    }

    @Override
    public void onComplete(Result result) {
        URI redirect = next;
        if (redirect != null && result.isSucceeded()) {
            new Inquiry(client, transport, question, deadline, reply, redirect, redirectsLeft - 1).ask();
        } else if (result.isSucceeded()) {
            answer(result.getResponse());
        } else if (!reply.isDone()) {
            Throwable failure = result.getFailure();
            reply.completeExceptionally(failure instanceof TimeoutException ? tooLate() : failure);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the rest of the answer is of no interest
    private void enough(Response response) {
        answer(response);
        response.abort(new IOException("no more is asked for"));
    }

    private void answer(Response response) {
        reply.complete(new Question.Reply(response.getStatus(), body.toString(StandardCharsets.UTF_8)));
    }

    private TimeoutException tooLate() {
        return new TimeoutException("no answer within " + words(question.timeout()));
    }

    private static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private @Nullable URI target(String location) {
        try {
            URI target = uri.resolve(location);
            boolean http = "http".equalsIgnoreCase(target.getScheme()) || "https".equalsIgnoreCase(target.getScheme());
            return http && target.getHost() != null ? target : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
