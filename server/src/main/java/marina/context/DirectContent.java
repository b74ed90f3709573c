package marina.context;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import marina.backend.BackendState;
import marina.backend.BackendStatus;
import marina.backend.Startable;
import marina.proxy.Visit;
import marina.upstream.Pool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Content that Marina does not start and stop: files and upstreams. It answers always, until it is retired.
 * Thread-safe.
 */
final class DirectContent implements ContextContent, Startable {

    /** Answers one request; the future completes when the exchange has ended. */
    @FunctionalInterface
    interface Exchange {
        CompletableFuture<Void> handle(Request request, Response response, Callback callback);
    }

    private final Exchange exchange;
    private final boolean upgrades;
    private final String address;
    private final Supplier<CompletableFuture<Void>> onRetired;
    private final @Nullable Pool pool;
    private final InFlight inFlight = new InFlight();
    private final AtomicBoolean retired = new AtomicBoolean();

    DirectContent(Exchange exchange, boolean upgrades, String address, Supplier<CompletableFuture<Void>> onRetired) {
        this.exchange = exchange;
        this.upgrades = upgrades;
        this.address = address;
        this.onRetired = onRetired;
        this.pool = null;
    }

    /** Of members, which are let go when it is retired. */
    DirectContent(Exchange exchange, String address, Pool pool) {
        this.exchange = exchange;
        this.upgrades = true;
        this.address = address;
        this.onRetired = () -> {
            pool.close();
            return CompletableFuture.completedFuture(null);
        };
        this.pool = pool;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!inFlight.enter()) {
            return false;
        }
        try {
            CompletableFuture<Void> ended = exchange.handle(request, response, callback);
            Visit.exchange(request, ended);
            var unused = ended.whenComplete((done, failure) -> inFlight.leave());
        } catch (RuntimeException | Error e) {
            inFlight.leave();
            throw e;
        }
        return true;
    }

    @Override
    public boolean forwardsUpgrades() {
        return upgrades;
    }

    @Override
    public Optional<Pool> pool() {
        return Optional.ofNullable(pool);
    }

    @Override
    public Startable application() {
        return this;
    }

    @Override
    public CompletableFuture<Void> start(int instances) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> stop(Duration drain) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> retire(Duration drain) {
        CompletableFuture<Void> idle = inFlight.close();
        if (!retired.compareAndSet(false, true)) {
            return idle;
        }
        return idle.completeOnTimeout(null, drain.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(done -> onRetired.get());
    }

    @Override
    public BackendStatus status() {
        return new BackendStatus(
                BackendState.READY,
                pool == null ? "" : pool.status().summary(),
                0,
                address,
                inFlight.count(),
                0,
                Duration.ZERO,
                inFlight.lastLeave());
    }

    @Override
    public List<BackendStatus> instances() {
        return List.of(status());
    }

    /** Counts exchanges; once closed nobody enters, and the future completes when the last has left. */
    private static final class InFlight {
        private final CompletableFuture<Void> drained = new CompletableFuture<>();
        private int count; // guarded by this
        private boolean closed; // guarded by this
        private volatile long lastLeave; // milliseconds since 1970

        synchronized boolean enter() {
            if (closed) {
                return false;
            }
            count++;
            return true;
        }

        void leave() {
            lastLeave = System.currentTimeMillis();
            boolean last;
            synchronized (this) {
                count--;
                last = closed && count == 0;
            }
            if (last) {
                drained.complete(null);
            }
        }

        CompletableFuture<Void> close() {
            boolean empty;
            synchronized (this) {
                closed = true;
                empty = count == 0;
            }
            if (empty) {
                drained.complete(null);
            }
            return drained;
        }

        synchronized int count() {
            return count;
        }

        Instant lastLeave() {
            return Instant.ofEpochMilli(lastLeave);
        }
    }
}
