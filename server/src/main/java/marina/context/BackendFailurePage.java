package marina.context;

import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import marina.proxy.FailurePage;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what could not be forwarded. Between the end of a process and the moment when that is noticed, requests still
 * go to its port and are refused there: nothing has been sent yet, so they wait for the end and then for the next start
 * instead of failing. Thread-safe.
 *
 * @param pages what everybody else gets
 * @param executor runs the second try
 */
public record BackendFailurePage(StatusPages pages, Executor executor) implements FailurePage {
    private static final String ATTRIBUTE = BackendFailurePage.class.getName();

    private static final String SPENT = "spent";

    /** Longer than the end of a process takes to be noticed; one that lives on and refuses gets no second try. */
    private static final Duration NOTICE = Duration.ofSeconds(1);

    /**
     * Gives a request a second try, once, should its backend refuse the connection because it has ended.
     *
     * @param ended completes when the backend has ended
     * @param again looks the request's path up anew
     */
    static void prepare(Request request, CompletableFuture<String> ended, Request.Handler again) {
        boolean first = request.getAttribute(ATTRIBUTE) == null;
        request.setAttribute(ATTRIBUTE, first ? new SecondTry(ended, again) : SPENT);
    }

    @Override
    public void write(int status, Throwable failure, Request request, Response response, Callback callback) {
        UpstreamAlarm.failed(request, failure);
        if (request.getAttribute(ATTRIBUTE) instanceof SecondTry secondTry && isRefused(failure)) {
            CompletableFuture<Boolean> gone = secondTry.ended.handle((reason, none) -> true);
            var unused = gone.completeOnTimeout(false, NOTICE.toMillis(), TimeUnit.MILLISECONDS)
                    .thenAcceptAsync(
                            ended -> {
                                if (ended) {
                                    secondTry.run(request, response, callback);
                                } else {
                                    pages.badGateway(status, request, response, callback);
                                }
                            },
                            executor);
        } else {
            pages.badGateway(status, request, response, callback);
        }
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof ConnectException || failure.getCause() instanceof ConnectException;
    }

    private record SecondTry(CompletableFuture<String> ended, Request.Handler again) {
        void run(Request request, Response response, Callback callback) {
            try {
                if (!again.handle(request, response, callback)) {
                    Response.writeError(request, response, callback, 404);
                }
            } catch (Exception e) {
                callback.failed(e);
            }
        }
    }
}
