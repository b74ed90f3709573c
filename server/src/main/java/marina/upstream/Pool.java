package marina.upstream;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import marina.config.PoolConfig;
import marina.config.Secrets;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of one context: forwards each request to one that can answer. Requests read one volatile field; it is replaced
 * when a member changes. Thread-safe; never blocks.
 */
public final class Pool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final Pools.Place place;
    private final PoolConfig config;
    private final Pools.Parts parts;
    private final Pools pools;
    private final List<Pools.Shared> shared = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final @Nullable Candidate fallback;
    private final @Nullable AffinityCookie cookie;
    private final Runnable refresh = this::refresh;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final Object ejecting = new Object();
    private volatile Choice choice;

    Pool(Pools.Place place, PoolConfig config, Pools.Parts parts, Pools pools) {
        this.place = place;
        this.config = config;
        this.parts = parts;
        this.pools = pools;
        for (PoolConfig.Member member : config.members()) {
            Pools.Shared one = pools.acquire(place, member, config);
            shared.add(one);
            candidates.add(candidate(candidates.size(), member, one.member()));
        }
        boolean hasFallback = !config.fallback().equals(PoolConfig.NONE.fallback());
        fallback = hasFallback ? fallback(config.fallback()) : null;
        cookie = config.affinity().isOn()
                ? new AffinityCookie(
                        config.affinity(),
                        pools.key(config.affinity()),
                        place.path().value())
                : null;
        choice = Choice.of(config.steering(), candidates);
        shared.forEach(one -> one.member().tell(refresh));
        shared.forEach(Pools.Shared::start);
        synchronized (this) {
            choice = Choice.of(config.steering(), candidates);
        }
        awaitChecks();
    }

    private Candidate candidate(int number, PoolConfig.Member member, Member known) {
        return new Candidate(
                number,
                member.weight(),
                member.url().getAuthority(),
                place.targets().apply(member),
                known);
    }

    private Candidate fallback(URI url) {
        return candidate(candidates.size(), new PoolConfig.Member(url, 1, ""), pools.fallback(place, url));
    }

    /** A first request need not wait for longer than one answer to a check may take. */
    private void awaitChecks() {
        if (isSettled(choice)) {
            settled.complete(null);
            return;
        }
        var unused = parts.forwarder().started().thenRun(this::limitWait);
    }

    private void limitWait() {
        try {
            var unused = parts.scheduler()
                    .schedule(
                            () -> settled.complete(null),
                            config.check().timeout().toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            settled.complete(null); // the server is stopping
        }
    }

    /**
     * Forwards a request. Always completes the callback.
     *
     * @return completes when the exchange has ended, an upgraded connection included
     */
    public CompletableFuture<Void> handle(Request request, Response response, Callback callback) {
        PooledExchange exchange = new PooledExchange(this, request);
        if (choice.known() || settled.isDone()) {
            exchange.begin(response, callback);
        } else {
            request.addIdleTimeoutListener(timeout -> false); // its wait has a limit of its own
            var unused = settled.thenRunAsync(() -> exchange.begin(response, callback), parts.executor());
        }
        return exchange.ended();
    }

    /** How its members are now. */
    public PoolStatus status() {
        return new PoolStatus(
                place.path().value(),
                config.steering().name().toLowerCase(Locale.ROOT),
                choice.health(),
                candidates.stream().map(Pool::status).toList(),
                fallback == null ? List.of() : List.of(status(fallback)));
    }

    /**
     * Takes a member out, but for the clients that belong to it already, or takes it back in.
     *
     * @param name its URL, its host and port, or its id
     * @return what came of it, in words; empty when there is no such member
     */
    public Optional<String> drain(String name, boolean out) {
        Optional<Candidate> found = candidates.stream()
                .filter(one -> name.equals(one.member().url())
                        || name.equals(one.name())
                        || name.equals(one.member().id()))
                .findFirst();
        found.ifPresent(one -> one.member().drain(out));
        return found.map(one -> "member " + one.member().url() + (out ? " is drained" : " is enabled") + "; " + able()
                + " of " + candidates.size() + " members can answer");
    }

    private long able() {
        return candidates.stream()
                .filter(one -> one.weight() > 0 && one.member().state() == MemberState.HEALTHY)
                .count();
    }

    /** Ends what it has to do with its members; exchanges in flight go on. */
    @Override
    public void close() {
        shared.forEach(one -> {
            one.member().forget(refresh);
            pools.release(one);
        });
        settled.complete(null);
    }

    Pools.Parts parts() {
        return parts;
    }

    PoolConfig config() {
        return config;
    }

    @Nullable
    AffinityCookie cookie() {
        return cookie;
    }

    @Nullable
    Candidate fallback() {
        return fallback;
    }

    boolean isFallback(Candidate candidate) {
        return candidate.number() == candidates.size();
    }

    void nobody(@Nullable Throwable failure, Request request, Response response, Callback callback) {
        place.nobody().answer(failure, request, response, callback);
    }

    /** The member that a client belongs to, whether it is well or not; null when it is none of this pool any more. */
    @Nullable
    Candidate byId(String id) {
        for (Candidate candidate : candidates) {
            if (candidate.member().id().equals(id)) {
                return candidate;
            }
        }
        return null;
    }

    /** Whom requests may go to now. */
    Choice choice() {
        return choice;
    }

    /** A request has failed at a member: it is left out when that was one too many, but never the last that can answer. */
    void failed(Candidate candidate, String why, boolean reached) {
        if (isFallback(candidate)) {
            candidate.member().failed(why);
            return;
        }
        if (candidate.member().failed(why)) {
            synchronized (ejecting) { // two at once may be the last two
                if (choice.known() && choice.selection().size() > 1) {
                    candidate.member().eject();
                }
            }
        }
        if (!reached) {
            shared.get(candidate.number()).suspect();
        }
    }

    private static PoolStatus.MemberStatus status(Candidate candidate) {
        return candidate.member().status(candidate.weight());
    }

    private void refresh() {
        PoolStatus.PoolHealth before;
        Choice now;
        synchronized (this) {
            before = choice.health();
            now = Choice.of(config.steering(), candidates);
            choice = now;
        }
        if (isSettled(now)) {
            settled.complete(null);
        }
        if (now.health() != before) {
            tell(now.health());
        }
    }

    /** Whether nothing better can come of waiting for a check. */
    private boolean isSettled(Choice now) {
        return now.known() || candidates.stream().noneMatch(one -> one.member().state() == MemberState.UNKNOWN);
    }

    private void tell(PoolStatus.PoolHealth health) {
        if (health == PoolStatus.PoolHealth.CRITICAL) {
            LOG.error(
                    "{}: no member can answer; requests get {}",
                    place.where(),
                    fallback == null
                            ? "503"
                            : "the fallback "
                                    + Secrets.maskUrl(config.fallback().toString()));
        } else if (health != PoolStatus.PoolHealth.UNKNOWN) {
            LOG.info("{}: {} of {} members can answer", place.where(), able(), candidates.size());
        }
    }
}
