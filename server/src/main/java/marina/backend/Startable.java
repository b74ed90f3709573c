package marina.backend;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    /**
     * Stops what is ready and in nobody's use; whoever asks for it meanwhile waits for its next start.
     *
     * @param drain how long what is in use may go on before it stops as well; zero leaves it alone
     */
    default CompletableFuture<Void> rest(Duration drain) {
        return CompletableFuture.completedFuture(null);
    }

    /** Keeps one instance from stopping when idle; empty when none is ready. Running what it gives ends that. */
    default Optional<Runnable> pin() {
        return Optional.empty();
    }

    /** Lets requests in flight end, up to the limit, and stops for good. */
    CompletableFuture<Void> retire(Duration drain);

    /** How it is now, for its next request. */
    BackendStatus status();

    /** How each of its instances is now; never empty. */
    List<BackendStatus> instances();
}
