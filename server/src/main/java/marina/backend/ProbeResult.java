package marina.backend;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What came of asking an application whether it answers, in the operator's words. */
final class ProbeResult {
    private ProbeResult() {}

    /** In words: {@code status 503}, {@code connection refused}, {@code no answer in 435ms}. */
    static String describe(@Nullable Integer status, @Nullable Throwable failure, Duration patience) {
        if (status != null) {
            return "status " + status;
        }
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        if (cause instanceof TimeoutException || cause instanceof SocketTimeoutException) {
            return "no answer in " + Spans.text(patience);
        }
        if (cause instanceof EOFException || cause instanceof ClosedChannelException) {
            return "the connection was closed without an answer";
        }
        String message = cause == null ? null : cause.getMessage();
        return message == null || message.isBlank() ? "no HTTP answer" : "no HTTP answer (" + message + ")";
    }
}
