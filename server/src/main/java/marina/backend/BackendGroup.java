package marina.backend;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The backends of one context: the instances that share its requests. A request goes to the one with the least in flight,
 * of equals to the first, so that the last ones become idle. When all that run are busy, another is started in the
 * background, one at a time. Choosing takes no lock but that of the one that is chosen. Thread-safe.
 *
 * @param <I> what they run
 */
public final class BackendGroup<I extends Instance> implements Startable {
    private final List<Backend<I>> backends;
    private final Backend<I> first;
    private final int kept;

    /**
     * A group.
     *
     * @param backends at least one
     * @param kept how many of them, from the first, run even when nobody asks
     */
    public BackendGroup(List<Backend<I>> backends, int kept) {
        this.backends = List.copyOf(backends);
        this.first = backends.get(0);
        this.kept = kept;
    }

    /** A lease of one of them; as {@link Backend#lease}, but one that is ready steps in for one that does not start. */
    public CompletableFuture<Lease<I>> lease() {
        if (backends.size() == 1) {
            return first.lease();
        }
        Lease<I> now = leastLoaded();
        if (now != null) {
            return CompletableFuture.completedFuture(now);
        }
        CompletableFuture<Lease<I>> pending = next().lease();
        return pending.isDone() ? pending : orOfAnother(pending);
    }

    @Override
    public CompletableFuture<Void> start(int instances) {
        int wanted = Math.min(backends.size(), Math.max(1, Math.max(kept, instances)));
        return all(backends.subList(0, wanted), Backend::start);
    }

    @Override
    public CompletableFuture<Void> stop(Duration drain) {
        return all(backends, backend -> backend.stop(drain));
    }

    @Override
    public CompletableFuture<Void> rest(Duration drain) {
        return all(backends, backend -> backend.rest(drain));
    }

    @Override
    public Optional<Runnable> pin() {
        return Optional.ofNullable(leastLoaded()).map(lease -> lease::close);
    }

    @Override
    public CompletableFuture<Void> retire(Duration drain) {
        return all(backends, backend -> backend.retire(drain));
    }

    /** State, pid and address of the one that would get the next request; counts of all; the reason of any that failed. */
    @Override
    public BackendStatus status() {
        if (backends.size() == 1) {
            return first.status();
        }
        BackendStatus next = next().status();
        List<BackendStatus> all = instances();
        return new BackendStatus(
                next.state(),
                all.stream()
                        .map(BackendStatus::reason)
                        .filter(reason -> !reason.isEmpty())
                        .findFirst()
                        .orElse(""),
                next.pid(),
                next.address(),
                all.stream().mapToInt(BackendStatus::leases).sum(),
                all.stream().mapToLong(BackendStatus::starts).sum(),
                next.lastStart(),
                all.stream().map(BackendStatus::lastActivity).reduce(Instant.EPOCH, (a, b) -> a.isAfter(b) ? a : b));
    }

    /** The path of their context. */
    public String name() {
        return first.name();
    }

    /** How far the start is that is under way and will be over first. */
    public StartProgress startProgress() {
        return next().startProgress();
    }

    @Override
    public List<BackendStatus> instances() {
        return backends.stream().map(Backend::status).toList();
    }

    /** Tries again when another request was quicker; as many times as there are instances, then it takes what it gets. */
    private @Nullable Lease<I> leastLoaded() {
        for (int tries = backends.size(); tries >= 0; tries--) {
            int best = -1;
            int least = Integer.MAX_VALUE;
            for (int i = 0; i < backends.size(); i++) {
                int load = backends.get(i).load();
                if (load != Backend.NOT_READY && load < least) {
                    best = i;
                    least = load;
                }
            }
            if (best < 0) {
                return null;
            }
            Lease<I> lease = backends.get(best).leaseNow(tries == 0 ? Integer.MAX_VALUE : least);
            if (lease != null) {
                if (least > 0) {
                    wakeAnother();
                }
                return lease;
            }
        }
        return null;
    }

    /** All that run are busy. A start is the most expensive thing on a small machine, hence one at a time. */
    private void wakeAnother() {
        Backend<I> sleeping = null;
        for (Backend<I> backend : backends) {
            BackendState state = backend.state();
            if (state == BackendState.STARTING) {
                return;
            }
            boolean stopped = state == BackendState.STOPPED;
            boolean better = sleeping == null || (stopped && sleeping.state() == BackendState.FAILED);
            if (better && (stopped || state == BackendState.FAILED)) {
                sleeping = backend;
            }
        }
        if (sleeping != null) {
            sleeping.wake();
        }
    }

    /** The one that is the nearest to being ready. */
    private Backend<I> next() {
        Backend<I> best = first;
        for (Backend<I> backend : backends) {
            if (distance(backend) < distance(best)) {
                best = backend;
            }
        }
        return best;
    }

    /**
     * What has been ready before is worth a start. What has not waits behind those that failed: an application that
     * cannot start at all keeps to the back-off of one, instead of being tried once for each of its instances.
     */
    private static int distance(Backend<?> backend) {
        return switch (backend.state()) {
            case READY -> 0;
            case STARTING -> 1;
            case STOPPED, DRAINING, STOPPING -> backend.proven() ? 2 : 4;
            case FAILED -> 3;
        };
    }

    /** Waits for one; when that cannot be started, another one that is ready meanwhile takes the request. */
    private CompletableFuture<Lease<I>> orOfAnother(CompletableFuture<Lease<I>> pending) {
        CompletableFuture<Lease<I>> result = new CompletableFuture<>();
        var unused = pending.whenComplete((lease, failure) -> {
            boolean sibling = failure != null && !result.isDone() && !isRetired(failure);
            Lease<I> granted = sibling ? leastLoaded() : lease;
            if (granted == null) {
                result.completeExceptionally(failure);
            } else if (!result.complete(granted)) {
                granted.close();
            }
        });
        var unusedToo = result.whenComplete((lease, failure) -> {
            if (result.isCancelled()) {
                pending.cancel(false);
            }
        });
        return result;
    }

    private static boolean isRetired(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof BackendRetiredException;
    }

    private static <B> CompletableFuture<Void> all(List<B> those, Function<B, CompletableFuture<Void>> what) {
        if (those.size() == 1) {
            return what.apply(those.get(0));
        }
        return CompletableFuture.allOf(those.stream().map(what).toArray(CompletableFuture[]::new));
    }
}
