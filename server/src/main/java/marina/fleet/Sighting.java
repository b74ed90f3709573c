package marina.fleet;

/**
 * What is known of the place that a request should go to.
 *
 * @param place of several the first that is not absent
 * @param state as DNS tells
 * @param sure whether that is beyond doubt: DNS has said so just now, and one that is LIVE has not been asleep, nor refused a
 *     connection, a moment ago
 */
public record Sighting(Place place, TargetState state, boolean sure) {
    /** Without a doubt. */
    public Sighting(Place place, TargetState state) {
        this(place, state, true);
    }
}
