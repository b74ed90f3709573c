package marina.host;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import marina.backend.BackendState;
import marina.backend.BackendStatus;
import marina.context.MountedContext;

/** All contexts together, older versions included, as a machine sees them that wants to sleep. Thread-safe; never blocks. */
public final class RestingContexts {
    private static final Set<BackendState> SETTLED =
            Set.of(BackendState.STOPPED, BackendState.READY, BackendState.FAILED);

    private final Host host;

    /** The contexts of a host. */
    public RestingContexts(Host host) {
        this.host = host;
    }

    /**
     * Whether one of them is in use, or on its way from one state to another.
     *
     * @param leases whether what still goes on in them is a use; else only the way counts
     */
    public boolean areInUse(boolean leases) {
        return all().flatMap(context -> context.status().instances().stream())
                .anyMatch(instance -> !SETTLED.contains(instance.state()) || (leases && instance.leases() > 0));
    }

    /** The end of the last use of any of them. */
    public Instant lastUse() {
        return all().map(context -> context.status().backend())
                .map(BackendStatus::lastActivity)
                .reduce(Instant.EPOCH, (one, other) -> one.isAfter(other) ? one : other);
    }

    /**
     * Has those stop that nobody uses, those included that are kept; completes when they have.
     *
     * @param drain as of {@link MountedContext#rest}
     */
    public CompletableFuture<Void> rest(Duration drain) {
        return CompletableFuture.allOf(all().map(context -> context.rest(drain)).toArray(CompletableFuture[]::new));
    }

    private Stream<MountedContext> all() {
        return Stream.concat(host.contexts().stream(), host.olderVersions().stream());
    }
}
