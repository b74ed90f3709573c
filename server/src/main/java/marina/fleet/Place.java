package marina.fleet;

import java.util.List;

/**
 * Somewhere in the fleet. What is empty does not matter.
 *
 * @param app empty for the app of whoever asks
 * @param region of any of its machines
 * @param machine exactly this one
 */
public record Place(String app, String region, String machine) {

    /** Whether a machine is there. */
    public boolean covers(Here here) {
        return (app.isEmpty() || app.equals(here.app()))
                && (region.isEmpty() || region.equals(here.region()))
                && (machine.isEmpty() || machine.equals(here.machine()));
    }

    /** The app that it is of, seen from a machine. */
    public String appFrom(Here here) {
        return app.isEmpty() ? here.app() : app;
    }

    /** Its region and those of other places, in order, as Fly writes lists. */
    public String regionAndThoseOf(List<Place> others) {
        StringBuilder list = new StringBuilder(region);
        others.forEach(other -> list.append(',').append(other.region()));
        return list.toString();
    }

    /** What a cookie or a query says for it: the machine, else the region, else the app. */
    public String token() {
        return !machine.isEmpty() ? machine : !region.isEmpty() ? region : app;
    }

    /** For logs: {@code app/region/machine}, as far as it is said. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String part : new String[] {app, region, machine}) {
            text.append(text.length() == 0 || part.isEmpty() ? "" : "/").append(part);
        }
        return text.toString();
    }
}
