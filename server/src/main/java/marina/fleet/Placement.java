package marina.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import marina.config.PlacementConfig;
import marina.config.RouteAction;

/**
 * Where something lives: places in the order in which they are wanted. Immutable.
 *
 * <p>All regions of a context are equal, so a request that arrives in one of them stays there; one that arrives elsewhere goes to
 * the first, and to the next where that is absent. Beside a machine, a region is only where its successor may be: it
 * answers when the machine is absent. What changes data goes to the primary region, and nowhere else.
 */
public final class Placement {
    private final List<Place> places;
    private final List<Place> primary;
    private final boolean pinned;

    private Placement(List<Place> places, List<Place> primary, boolean pinned) {
        this.places = List.copyOf(places);
        this.primary = List.copyOf(primary);
        this.pinned = pinned;
    }

    /** Of a context. */
    public static Placement of(PlacementConfig config) {
        List<Place> places = new ArrayList<>();
        if (!config.machine().isEmpty()) {
            places.add(new Place(config.flyApp(), "", config.machine()));
        }
        config.regions().forEach(region -> places.add(new Place(config.flyApp(), region, "")));
        if (places.isEmpty() && !config.flyApp().isEmpty()) {
            places.add(new Place(config.flyApp(), "", ""));
        }
        List<Place> primary =
                config.primary().isEmpty() ? List.of() : List.of(new Place(config.flyApp(), config.primary(), ""));
        return new Placement(places, primary, !config.machine().isEmpty());
    }

    /** Of a route. */
    public static Placement of(RouteAction.Replay replay) {
        List<Place> places = new ArrayList<>();
        if (!replay.machine().isEmpty()) {
            places.add(new Place(replay.app(), "", replay.machine()));
        }
        if (!replay.region().isEmpty() || places.isEmpty()) {
            places.add(new Place(replay.app(), replay.region(), ""));
        }
        return new Placement(places, List.of(), !replay.machine().isEmpty());
    }

    /** Of one place. */
    public static Placement of(Place place) {
        return new Placement(List.of(place), List.of(), !place.machine().isEmpty());
    }

    /** Whether it lives wherever a request arrives. */
    public boolean isAnywhere() {
        return places.isEmpty();
    }

    /**
     * Whether this machine answers.
     *
     * @param changes whether the request may change data
     */
    public boolean isMine(Here here, boolean changes) {
        List<Place> wanted = places(changes);
        if (wanted.isEmpty()) {
            return true;
        }
        boolean machineOnly = pinned && wanted.equals(places);
        return machineOnly ? places.get(0).covers(here) : wanted.stream().anyMatch(place -> place.covers(here));
    }

    /** Where to send a request, the first that is not absent. */
    public List<Place> places(boolean changes) {
        return changes && !primary.isEmpty() ? primary : places;
    }

    /** Whether any of its places will do, so that the next one may answer when nobody is reached at the first. */
    public boolean anyWillDo(boolean changes) {
        return !pinned && places(changes).size() > 1;
    }

    /** Whether one of its places is of another app than this one. */
    public boolean mayLeave(String app) {
        return Stream.concat(places.stream(), primary.stream())
                .anyMatch(place -> !place.app().isEmpty() && !place.app().equals(app));
    }

    @Override
    public String toString() {
        return places + (primary.isEmpty() ? "" : " primary " + primary);
    }
}
