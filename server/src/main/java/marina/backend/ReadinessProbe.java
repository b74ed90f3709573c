package marina.backend;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks an application once whether it answers. */
@FunctionalInterface
public interface ReadinessProbe {

    /** Sends a GET; completes with the status of the answer, exceptionally when there was none in time. Must not block. */
    CompletableFuture<Integer> probe(URI uri, Duration timeout);
}
