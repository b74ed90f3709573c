package marina.backend;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What can be started, stopped and looked at, whether it runs once, several times or by itself. Thread-safe; never blocks. */
public interface Startable {

    /**
     * Starts what is not running; clears failures and their back-off.
     *
     * @param instances how many are to run; those that are kept anyway, and never less than one
     * @return completes when they are ready, exceptionally when one of them is not
     */
    CompletableFuture<Void> start(int instances);

    /** Lets requests in flight end, up to the limit, and stops; the next request starts it again. */
    CompletableFuture<Void> stop(Duration drain);

    /** Lets requests in flight end, up to the limit, and stops for good. */
    CompletableFuture<Void> retire(Duration drain);

    /** How it is now, for its next request. */
    BackendStatus status();

    /** How each of its instances is now; never empty. */
    List<BackendStatus> instances();
}
