package marina.backend;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks an application once whether it answers. */
@FunctionalInterface
public interface ReadinessProbe {

    /**
     * Sends a GET; completes with the status of the answer, exceptionally when there was none in time. Must not block.
     *
     * @param origin {@code http://127.0.0.1:40123}, or {@code unix:} with the path of a socket
     * @param path what is asked for
     */
    CompletableFuture<Integer> probe(URI origin, String path, Duration timeout);
}
