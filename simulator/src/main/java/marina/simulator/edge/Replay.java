package marina.simulator.edge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;

/**
 * What a machine has answered with fly-replay, in either form.
 *
 * @param regions region codes and aliases, in order of preference
 */
record Replay(
        List<String> regions,
        Optional<String> instance,
        Optional<String> preferInstance,
        Optional<String> app,
        Optional<String> state,
        boolean elsewhere,
        Optional<Duration> timeout,
        Fallback fallback,
        Transform transform,
        Caching caching) {

    Replay {
        regions = List.copyOf(regions);
    }

    /** Changes of the request on its way. */
    record Transform(Optional<String> path, List<String> deleteHeaders, List<HttpField> setHeaders) {

        static final Transform NONE = new Transform(Optional.empty(), List.of(), List.of());

        Transform {
            deleteHeaders = List.copyOf(deleteHeaders);
            setHeaders = List.copyOf(setHeaders);
        }
    }

    /** What is to be remembered of it. */
    record Caching(Optional<String> pattern, Duration ttl, boolean allowBypass, boolean invalidate) {

        static final Caching NONE = new Caching(Optional.empty(), Duration.ZERO, false, false);
    }

    /** Only a plain replay may be remembered. */
    boolean cacheable() {
        return state.isEmpty()
                && timeout.isEmpty()
                && fallback == Fallback.NONE
                && transform.equals(Transform.NONE)
                && !elsewhere;
    }
}
