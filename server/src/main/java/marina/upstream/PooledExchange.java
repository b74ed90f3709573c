package marina.upstream;

import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import marina.config.PoolConfig;
import marina.proxy.TargetWatch;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a member. When a member has not seen it, another one gets it, and so on as long as that does not
 * take too long; when a member has broken off and the request may be repeated, one other gets it.
 */
final class PooledExchange {
    /** After that no more than one other member is tried: one that does not accept costs {@code timeouts.connect}. */
    private static final long LONGEST_SEARCH = Duration.ofSeconds(5).toNanos();

    private static final int SERVER_ERROR = 500;

    private final Pool pool;
    private final Request request;
    private final long client;
    private final long begun = System.nanoTime();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicInteger attempts = new AtomicInteger(); // that have not ended
    private boolean settling; // whether the client is to belong to who answers
    private boolean visiting; // whether it comes back to another one later
    private boolean repeated;
    private @Nullable BitSet tried;

    PooledExchange(Pool pool, Request request) {
        this.pool = pool;
        this.request = request;
        this.client = pool.parts().client().applyAsLong(request);
    }

    /** Completes when the exchange is over, never exceptionally. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    void begin(Response response, Callback callback) {
        attempts.incrementAndGet();
        try {
            Candidate chosen = first();
            if (chosen == null) {
                pool.nobody(null, request, response, callback);
            } else {
                new Attempt(chosen).send(request, response, callback);
            }
        } catch (RuntimeException | Error e) {
            callback.failed(e);
        } finally {
            attemptEnded();
        }
    }

    private @Nullable Candidate first() {
        AffinityCookie cookie = pool.cookie();
        if (cookie == null) {
            return orFallback(pool.choice().of(client, false, null));
        }
        AffinityCookie.Home home = cookie.read(request);
        Candidate own = home == null ? null : pool.byId(home.member());
        if (home != null && own != null && own.member().keepsClients()) {
            settling = cookie.isOld(home) && !own.member().isDrained();
            return own;
        }
        if (own != null && pool.config().affinity().failover() == PoolConfig.Failover.TEMPORARY) {
            visiting = true;
            return orFallback(pool.choice().of(client, true, null));
        }
        settling = true;
        return orFallback(pool.choice().of(client, false, null));
    }

    private @Nullable Candidate orFallback(@Nullable Candidate chosen) {
        return chosen == null ? pool.fallback() : chosen;
    }

    private void attemptEnded() {
        if (attempts.decrementAndGet() == 0) {
            ended.complete(null);
        }
    }

    /** Who gets it next; null for nobody. */
    private @Nullable Candidate next(Candidate failed, TargetWatch.Reach reach) {
        if (pool.isFallback(failed)) {
            return null;
        }
        BitSet without = tried == null ? new BitSet() : tried;
        without.set(failed.number());
        tried = without;
        boolean tooLate = System.nanoTime() - begun > LONGEST_SEARCH;
        if (tooLate && without.cardinality() > 1 && reach == TargetWatch.Reach.NOWHERE) {
            return pool.fallback();
        }
        return orFallback(pool.choice().of(client, visiting, without));
    }

    /** The client has belonged to a member that failed; whoever answers in its place takes it over, if that is wanted. */
    private void moved() {
        boolean sticky = pool.config().affinity().failover() == PoolConfig.Failover.STICKY;
        settling |= pool.cookie() != null && sticky;
        visiting |= pool.cookie() != null && !settling;
    }

    /** At one member. */
    private final class Attempt implements TargetWatch {
        private final Candidate candidate;
        private final AtomicBoolean left = new AtomicBoolean();

        Attempt(Candidate candidate) {
            this.candidate = candidate;
        }

        void send(Request asked, Response response, Callback callback) {
            attempts.incrementAndGet();
            candidate.member().enter();
            var unused = pool.parts()
                    .forwarder()
                    .forward(candidate.target(), this, asked, response, callback)
                    .whenComplete((done, failure) -> {
                        leave();
                        attemptEnded();
                    });
        }

        private void leave() {
            if (left.compareAndSet(false, true)) {
                candidate.member().leave();
            }
        }

        @Override
        public void answered(int status, HttpFields.Mutable clientFields) {
            if (status >= SERVER_ERROR) {
                pool.failed(candidate, "a request was answered with " + status, true);
            } else {
                candidate.member().succeeded();
            }
            AffinityCookie cookie = pool.cookie();
            if (settling && cookie != null && status < SERVER_ERROR && !pool.isFallback(candidate)) {
                cookie.write(request, clientFields, candidate.member().id());
            }
            if (pool.config().servedBy()) {
                clientFields.put("X-Served-By", candidate.name());
            }
        }

        @Override
        public boolean failed(Failure failure, Request asked, Response response, Callback callback) {
            leave();
            boolean reached = failure.reach() != Reach.NOWHERE;
            pool.failed(candidate, "a request failed: " + Words.cause(failure.cause()), reached);
            if (failure.reach() == Reach.FINAL || (reached && repeated)) {
                return false;
            }
            repeated |= reached;
            moved();
            Candidate next = next(candidate, failure.reach());
            if (next != null) {
                new Attempt(next).send(asked, response, callback);
            } else if (reached) {
                return false;
            } else {
                pool.nobody(failure.cause(), asked, response, callback);
            }
            return true;
        }
    }
}
