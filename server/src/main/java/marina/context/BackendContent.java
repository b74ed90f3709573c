package marina.context;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import marina.backend.BackendGroup;
import marina.backend.BackendRetiredException;
import marina.backend.BackendUnavailableException;
import marina.backend.Instance;
import marina.backend.Lease;
import marina.backend.Startable;
import marina.config.ContextConfig;
import marina.metrics.Journey;
import marina.proxy.Abandoned;
import marina.proxy.ClientWatch;
import marina.proxy.Visit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Content whose application is started by the first request and stopped when idle. While it starts, requests are
 * parked without a thread: each is a future with a deadline. Thread-safe.
 */
final class BackendContent<I extends Instance> implements ContextContent {

    /** Lets a running application answer; the future completes when the exchange has ended. */
    @FunctionalInterface
    interface Exchange<I> {
        CompletableFuture<Void> handle(I instance, Request request, Response response, Callback callback);
    }

    private final BackendGroup<I> backends;
    private final Function<ContextConfig, Exchange<I>> exchanges;
    private final Exchange<I> exchange;
    private final boolean upgrades;
    private final String path;
    private final Duration pageAfter;
    private final Parking parking;

    /**
     * Content of a context.
     *
     * @param exchanges how an instance answers, by what is configured for that
     * @param upgrades whether upgrades pass through
     */
    BackendContent(
            BackendGroup<I> backends,
            ContextConfig config,
            Function<ContextConfig, Exchange<I>> exchanges,
            boolean upgrades,
            Parking parking) {
        this.backends = backends;
        this.exchanges = exchanges;
        this.exchange = exchanges.apply(config);
        this.upgrades = upgrades;
        this.path = config.path().value();
        this.pageAfter = config.lifecycle().pageAfter();
        this.parking = parking;
    }

    @Override
    public Optional<ContextContent> with(ContextConfig config) {
        return Optional.of(new BackendContent<>(backends, config, exchanges, upgrades, parking));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        CompletableFuture<Lease<I>> pending = backends.lease();
        if (!pending.isDone()) {
            new Parked(pending, request, response, callback).await();
            return true;
        }
        try {
            serve(pending.join(), request, response, callback);
        } catch (CompletionException e) {
            Throwable failure = Failures.unwrap(e);
            if (failure instanceof BackendRetiredException) {
                return false;
            }
            refuse(failure, request, response, callback);
        }
        return true;
    }

    @Override
    public boolean forwardsUpgrades() {
        return upgrades;
    }

    @Override
    public Startable application() {
        return backends;
    }

    private void serve(Lease<I> lease, Request request, Response response, Callback callback) {
        CompletableFuture<Void> ended;
        try {
            ended = exchange.handle(lease.instance(), request, response, callback);
        } catch (RuntimeException | Error e) {
            lease.close();
            Response.writeError(request, response, callback, e); // logs it too
            return;
        }
        Visit.exchange(request, ended);
        var unused = ended.whenComplete((done, failure) -> lease.close());
    }

    private void refuse(Throwable failure, Request request, Response response, Callback callback) {
        BackendUnavailableException refusal = failure instanceof BackendUnavailableException refused
                ? refused
                : new BackendUnavailableException(String.valueOf(failure.getMessage()), Duration.ofSeconds(1));
        parking.pages().refused(path, refusal, request, response, callback);
    }

    /** A request that waits for a start: whoever takes it first (the lease, the deadline, the client's leaving) has it. */
    private final class Parked {
        private final CompletableFuture<Lease<I>> pending;
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final Consumer<Throwable> whenLeft = this::left;
        private final Journey journey;

        Parked(CompletableFuture<Lease<I>> pending, Request request, Response response, Callback callback) {
            this.pending = pending;
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.journey = Journey.of(request);
        }

        private void left(Throwable gone) {
            if (take()) {
                Abandoned.mark(request);
                callback.failed(gone);
            }
        }

        void await() {
            journey.park();
            request.addIdleTimeoutListener(timeout -> false); // waiting is bounded by pageAfter, not by silence
            ClientWatch.on(request, whenLeft);
            ScheduledFuture<?> deadline;
            try {
                deadline = parking.scheduler()
                        .schedule(() -> parking.resume(this::giveUp), pageAfter.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                giveUp(); // the server is stopping; nothing will become ready any more
                return;
            }
            var unused = pending.whenComplete((lease, failure) -> {
                deadline.cancel(false);
                if (!pending.isCancelled()) {
                    parking.resume(() -> resume(lease, failure));
                }
            });
        }

        private boolean take() {
            boolean mine = taken.compareAndSet(false, true);
            if (mine) {
                journey.resume();
                pending.cancel(false);
            }
            return mine;
        }

        private void giveUp() {
            if (take()) {
                ClientWatch.end(request, whenLeft);
                parking.pages().starting(path, backends.startProgress(), request, response, callback);
            }
        }

        @SuppressWarnings("NullAway") // whenComplete gives either a lease or a failure
        private void resume(Lease<I> lease, Throwable failure) {
            if (!taken.compareAndSet(false, true)) {
                if (lease != null) {
                    lease.close();
                }
                return;
            }
            journey.resume();
            ClientWatch.end(request, whenLeft);
            if (failure == null) {
                serve(lease, request, response, callback);
            } else {
                refused(Failures.unwrap(failure));
            }
        }

        private void refused(Throwable failure) {
            if (!(failure instanceof BackendRetiredException)) {
                refuse(failure, request, response, callback);
                return;
            }
            try {
                if (!parking.reroute().handle(request, response, callback)) {
                    parking.pages().notFound(request, response, callback);
                }
            } catch (Exception e) {
                callback.failed(e);
            }
        }
    }
}
