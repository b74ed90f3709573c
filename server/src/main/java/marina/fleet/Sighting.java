package marina.fleet;

/**
 * What is known of the place that a request should go to.
 *
 * @param place of several the first that is not absent
 * @param state as DNS tells
 */
public record Sighting(Place place, TargetState state) {}
