package marina.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The pause between two questions to an authority. */
final class Pause {
    private static final long SHORTEST_MILLIS = 500;
    private static final long USUAL_MILLIS = Duration.ofSeconds(3).toMillis();
    private static final long LONGEST_MILLIS = Duration.ofMinutes(1).toMillis();

    private Pause() {}

    /** Waits until then, or a little when no time is named; within bounds, since the authority's clock may be wrong. */
    static void until(Optional<Instant> then) throws InterruptedException {
        long millis = then.map(
                        instant -> Duration.between(Instant.now(), instant).toMillis())
                .orElse(USUAL_MILLIS);
        long bounded = Math.max(SHORTEST_MILLIS, Math.min(LONGEST_MILLIS, millis));
        boolean unused = new CountDownLatch(1).await(bounded, TimeUnit.MILLISECONDS);
    }
}
