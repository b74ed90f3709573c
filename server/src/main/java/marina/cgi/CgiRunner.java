package marina.cgi;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import marina.cgi.CgiExchange.CgiTools;
import marina.cgi.Places.Place;
import marina.process.ProcessLauncher;
import marina.proxy.BodyLength;
import marina.proxy.ClientWatch;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts, on threads of its own, so that requests of other kinds never wait for one. So many run at once, and no more:
 * of one program as many as it says, of all of them {@value #MOST_RUNNING}. Thread-safe.
 */
public final class CgiRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CgiRunner.class);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int MOST_RUNNING = 100;

    /** For each place one that reads and one that writes, and some for bodies that come in vain. */
    private static final int THREADS = 3 * MOST_RUNNING;

    private static final int IDLE_SECONDS = 30;

    private final CgiTools tools;
    private final Spool spool;
    private final ThreadPoolExecutor threads;
    private final Executor executor = this::execute;
    private final Places places = new Places(MOST_RUNNING);

    /**
     * A runner.
     *
     * @param scheduler for deadlines
     * @param spool folder for bodies of unknown length; created when needed
     * @param pages answer where no script does
     */
    public CgiRunner(ProcessLauncher launcher, ScheduledExecutorService scheduler, Path spool, CgiPages pages) {
        this(launcher, scheduler, new Spool(spool), pages, CgiRunner::newThread);
    }

    CgiRunner(
            ProcessLauncher launcher,
            ScheduledExecutorService scheduler,
            Spool spool,
            CgiPages pages,
            ThreadFactory factory) {
        this.tools = new CgiTools(launcher, scheduler, pages);
        this.spool = spool;
        this.threads =
                new ThreadPoolExecutor(0, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
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
        Optional<Place> place = places.take(call.script());
        if (place.isEmpty()) {
            return refuse(call, HttpStatus.SERVICE_UNAVAILABLE_503); // before the client has sent it all
        }
        return BodyLength.isUnknown(call.request())
                ? spool(call, place.get())
                : start(call, bodyOf(call.request()), place.get());
    }

    private RequestBody bodyOf(Request request) {
        return request.getLength() <= 0 ? RequestBody.NONE : new StreamedBody(request, executor);
    }

    private CompletableFuture<Boolean> spool(CgiCall call, Place place) {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        var unused = SpooledBody.of(call.request(), spool, call.script().maxSpooled(), executor)
                .whenComplete((body, failure) -> {
                    if (failure == null) {
                        var unusedRun = start(call, body, place).thenAccept(ended::complete);
                        return;
                    }
                    place.giveBack();
                    Lingering callback = new Lingering(
                            call.callback(), new StreamedBody(call.request(), executor), tools.scheduler());
                    var unusedEnd = callback.answered().thenRun(() -> ended.complete(false));
                    ClientFailure.answer(failure, call.with(callback), tools.pages());
                });
        return ended;
    }

    /** Lets go of the threads; scripts that still run are the launcher's to end. */
    @Override
    public void close() {
        threads.shutdown();
    }

    private CompletableFuture<Boolean> start(CgiCall call, RequestBody body, Place place) {
        Lingering callback = new Lingering(call.callback(), body, tools.scheduler());
        CgiExchange exchange = new CgiExchange(call.with(callback), body, tools);
        // Before its client can send the next request.
        var unusedEnd = exchange.ended().thenRun(place::giveBack);
        var unusedGone = exchange.gone().thenRun(body::scriptGone);
        try {
            // A client that only waits for its answer is not idle; one that stalls a read or a write still is.
            call.request().addIdleTimeoutListener(timeout -> false);
            ClientWatch.on(call.request(), exchange::clientFailed);
            executor.execute(exchange::run);
        } catch (RuntimeException e) { // there is no thread, or the request is over
            LOG.debug("{} cannot begin", call.script(), e);
            exchange.refuse();
        }
        return CompletableFuture.allOf(callback.answered(), exchange.gone()).thenApply(over -> {
            body.close();
            return exchange.succeeded();
        });
    }

    /** A system that has no more threads refuses, too. */
    private void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (OutOfMemoryError e) {
            LOG.error("No thread for a script: {}; raise the limits of processes or of memory", e.toString());
            throw new RejectedExecutionException(e);
        }
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "marina-cgi-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private CompletableFuture<Boolean> refuse(CgiCall call, int status) {
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            call.response().getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        }
        tools.pages().write(status, call.request(), call.response(), call.callback());
        return CompletableFuture.completedFuture(false);
    }
}
