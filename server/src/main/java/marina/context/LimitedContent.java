package marina.context;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import marina.backend.Startable;
import marina.config.ContextConfig;
import marina.config.TrafficConfig;
import marina.proxy.Abandoned;
import marina.proxy.ClientWatch;
import marina.upstream.Pool;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Content that takes on no more than its context may: bodies up to a size, a number of requests at once, and a queue. Who
 * waits in the queue holds no thread. An upgraded connection counts until its upgrade has been answered. Thread-safe.
 */
final class LimitedContent implements ContextContent {
    /** How long a request waits for its turn before it gets 503. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final ContextContent content;
    private final TrafficConfig limits;
    private final Parking parking;
    private final Queue<Waiting> queue = new ArrayDeque<>(); // guarded by itself
    private int active; // guarded by queue

    private LimitedContent(ContextContent content, TrafficConfig limits, Parking parking) {
        this.content = content;
        this.limits = limits;
        this.parking = parking;
    }

    /** The content itself when nothing is limited. */
    static ContextContent of(ContextContent content, TrafficConfig limits, Parking parking) {
        boolean unlimited = limits.maxBody() == 0 && limits.maxConcurrent() == 0;
        return unlimited ? content : new LimitedContent(content, limits, parking);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Request measured = request;
        if (limits.maxBody() > 0) {
            if (request.getLength() > limits.maxBody()) {
                parking.pages().error(413, request, response, callback);
                return true;
            }
            measured = LimitedBody.of(request, limits.maxBody());
        }
        return limits.maxConcurrent() == 0
                ? content.handle(measured, response, callback)
                : inTurn(measured, response, callback);
    }

    private boolean inTurn(Request request, Response response, Callback callback) {
        boolean free;
        boolean full;
        synchronized (queue) {
            free = active < limits.maxConcurrent();
            if (free) {
                active++;
            }
            full = queue.size() >= limits.maxQueued();
        }
        if (free) {
            return enter(request, response, callback);
        }
        if (full) {
            refuse(request, response, callback);
        } else {
            new Waiting(request, response, callback).await();
        }
        return true;
    }

    /** With a place that is given back when the exchange ends or goes on elsewhere, or at once when nobody took the request. */
    private boolean enter(Request request, Response response, Callback callback) {
        AdmittedRequest admitted = new AdmittedRequest(request, this::leave);
        try {
            if (content.handle(admitted, response, Callback.from(callback, admitted::leave))) {
                return true;
            }
        } catch (RuntimeException | Error e) {
            admitted.leave();
            throw e;
        }
        admitted.leave();
        return false;
    }

    private void leave() {
        Waiting next;
        synchronized (queue) {
            next = nextInLine();
            if (next == null) {
                active--;
            }
        }
        if (next != null) {
            parking.resume(next::resume);
        }
    }

    /** To be called with the lock. */
    private @Nullable Waiting nextInLine() {
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            if (next.take()) {
                return next;
            }
        }
        return null;
    }

    private void refuse(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
        parking.pages().error(HttpStatus.SERVICE_UNAVAILABLE_503, request, response, callback);
    }

    /** Without limits: who calls puts its own around it. What is in flight is not counted there. */
    @Override
    public Optional<ContextContent> with(ContextConfig config) {
        return content.with(config);
    }

    @Override
    public boolean forwardsUpgrades() {
        return content.forwardsUpgrades();
    }

    @Override
    public Optional<Pool> pool() {
        return content.pool();
    }

    @Override
    public Startable application() {
        return content.application();
    }

    /** A request that waits; whoever takes it first (its turn, the deadline, the client's leaving) has it. */
    private final class Waiting {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final Consumer<Throwable> whenLeft = this::left;
        private volatile @Nullable ScheduledFuture<?> deadline;

        Waiting(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        /** Stands in the queue only when all else is set up: from there on its turn may come at any moment. */
        void await() {
            request.addIdleTimeoutListener(timeout -> false); // its wait has a limit of its own
            ClientWatch.on(request, whenLeft);
            try {
                deadline = parking.scheduler()
                        .schedule(() -> parking.resume(this::turnAway), LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                turnAway(); // the server is stopping
                return;
            }
            boolean free;
            boolean queued = false;
            synchronized (queue) {
                free = active < limits.maxConcurrent() && take();
                if (free) {
                    active++;
                } else if (!taken.get() && queue.size() < limits.maxQueued()) {
                    queued = queue.add(this);
                }
            }
            if (free) {
                resume();
            } else if (!queued) {
                turnAway();
                endWait(); // also when the client had left before
            }
        }

        private boolean take() {
            return taken.compareAndSet(false, true);
        }

        private boolean giveUp() {
            boolean mine = take();
            if (mine) {
                synchronized (queue) {
                    queue.remove(this);
                }
                endWait();
            }
            return mine;
        }

        private void endWait() {
            ScheduledFuture<?> timer = deadline;
            if (timer != null) {
                timer.cancel(false);
            }
            ClientWatch.end(request, whenLeft);
        }

        private void left(Throwable gone) {
            if (giveUp()) {
                Abandoned.mark(request);
                callback.failed(gone);
            }
        }

        private void turnAway() {
            if (giveUp()) {
                refuse(request, response, callback);
            }
        }

        private void resume() {
            endWait();
            try {
                if (!enter(request, response, callback) && !parking.reroute().handle(request, response, callback)) {
                    parking.pages().notFound(request, response, callback);
                }
            } catch (Exception e) {
                callback.failed(e);
            }
        }
    }
}
