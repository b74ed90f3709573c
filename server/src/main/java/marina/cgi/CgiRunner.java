package marina.cgi;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import marina.cgi.CgiExchange.CgiTools;
import marina.process.ProcessLauncher;
import marina.proxy.ClientWatch;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * Runs scripts, on threads of its own, so that requests of other kinds never wait for one. So many run at once, and no more:
 * of one program as many as it says, of all of them {@value #MOST_RUNNING}. Thread-safe.
 */
public final class CgiRunner implements AutoCloseable {
    private static final int MOST_RUNNING = 100;

    /** For each run one that reads and one that writes, and some for bodies that come before their run. */
    private static final int THREADS = 3 * MOST_RUNNING;

    private static final int IDLE_SECONDS = 30;

    /** How long a client may go on sending what nobody wants any more, so that it comes to read its answer. */
    private static final long LINGER_MILLIS = 2_000;

    private final CgiTools tools;
    private final Path spool;
    private final ThreadPoolExecutor threads;
    private final Semaphore all = new Semaphore(MOST_RUNNING);
    private final Map<Path, Integer> running = new ConcurrentHashMap<>();

    /**
     * A runner.
     *
     * @param scheduler for deadlines
     * @param spool folder for bodies of unknown length; created when needed
     * @param pages answer where no script does
     */
    public CgiRunner(ProcessLauncher launcher, ScheduledExecutorService scheduler, Path spool, CgiPages pages) {
        this.tools = new CgiTools(launcher, scheduler, pages);
        this.spool = spool;
        AtomicInteger count = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(0, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "marina-cgi-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Lets a script answer. Never blocks.
     *
     * @return completes when the answer has been given and nothing is left of the process, with whether the script ended by
     *     itself with status 0
     */
    public CompletableFuture<Boolean> run(CgiCall call) {
        if (MetaVariables.isAmbiguous(call.request())) {
            return refuse(call, HttpStatus.BAD_REQUEST_400);
        }
        if (!hasUnknownLength(call.request())) {
            boolean none = call.request().getLength() <= 0;
            return start(call, none ? RequestBody.NONE : new StreamedBody(call.request(), threads));
        }
        if (isFull(call.script())) {
            return refuse(call, HttpStatus.SERVICE_UNAVAILABLE_503); // before the client has sent it all
        }
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        var unused = SpooledBody.of(call.request(), spool, call.script().maxSpooled(), threads)
                .whenComplete((body, failure) -> {
                    if (failure == null) {
                        var unusedRun = start(call, body).thenAccept(ended::complete);
                    } else {
                        ClientFailure.answer(failure, call, tools.pages());
                        ended.complete(false);
                    }
                });
        return ended;
    }

    /** Lets go of the threads; scripts that still run are the launcher's to end. */
    @Override
    public void close() {
        threads.shutdown();
    }

    private CompletableFuture<Boolean> start(CgiCall call, RequestBody body) {
        if (!take(call.script())) {
            body.close();
            return refuse(call, HttpStatus.SERVICE_UNAVAILABLE_503);
        }
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CgiExchange exchange = new CgiExchange(call.with(lingering(call.callback(), body, answered)), body, tools);
        // A client that only waits for its answer is not idle; one that stalls a read or a write still is.
        call.request().addIdleTimeoutListener(timeout -> false);
        ClientWatch.on(call.request(), exchange::clientFailed);
        try {
            threads.execute(exchange::run);
        } catch (RejectedExecutionException e) {
            giveBack(call.script());
            body.close();
            return refuse(call, HttpStatus.SERVICE_UNAVAILABLE_503);
        }
        // Before its client can send the next request.
        var unused = exchange.ended().thenRun(() -> giveBack(call.script()));
        return CompletableFuture.allOf(answered, exchange.gone()).thenApply(over -> {
            body.close();
            return exchange.succeeded();
        });
    }

    private CompletableFuture<Boolean> refuse(CgiCall call, int status) {
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            call.response().getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        }
        tools.pages().write(status, call.request(), call.response(), call.callback());
        return CompletableFuture.completedFuture(false);
    }

    /** In HTTP/1.1 the fields tell whether there is a body; a request of HTTP/2 need not say so. */
    private static boolean hasUnknownLength(Request request) {
        return request.getLength() < 0
                && (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                        || request.getConnectionMetaData().getHttpVersion().getVersion()
                                >= HttpVersion.HTTP_2.getVersion());
    }

    /** A request must not be completed before its body has come, or the client may lose its answer with the connection. */
    private Callback lingering(Callback callback, RequestBody body, CompletableFuture<Void> answered) {
        return new Callback() {
            @Override
            public void succeeded() {
                CompletableFuture<Void> rest = body.rest();
                if (!rest.isDone()) {
                    TimeoutException late = new TimeoutException("the body has not come in time");
                    ScheduledFuture<?> deadline = tools.scheduler()
                            .schedule(() -> rest.completeExceptionally(late), LINGER_MILLIS, TimeUnit.MILLISECONDS);
                    var unused = rest.whenComplete((over, failure) -> deadline.cancel(false));
                }
                var unused = rest.whenComplete((over, failure) -> {
                    if (failure == null) {
                        callback.succeeded();
                    } else {
                        callback.failed(failure);
                    }
                    answered.complete(null);
                });
            }

            @Override
            public void failed(Throwable failure) {
                callback.failed(failure);
                answered.complete(null);
            }
        };
    }

    private boolean isFull(CgiScript script) {
        return all.availablePermits() == 0 || running.getOrDefault(script.program(), 0) >= script.maxConcurrent();
    }

    private boolean take(CgiScript script) {
        if (!all.tryAcquire()) {
            return false;
        }
        boolean[] taken = {false};
        running.compute(script.program(), (program, count) -> {
            int now = count == null ? 0 : count;
            taken[0] = now < script.maxConcurrent();
            return taken[0] ? Integer.valueOf(now + 1) : count;
        });
        if (!taken[0]) {
            all.release();
        }
        return taken[0];
    }

    private void giveBack(CgiScript script) {
        running.computeIfPresent(script.program(), (program, count) -> count > 1 ? count - 1 : null);
        all.release();
    }
}
