package marina.config;

import java.util.List;

/**
 * Where a context lives.
 *
 * @param regions none means wherever a request arrives
 * @param primary the one of the regions where its data is written, empty for none
 * @param machine empty for any
 * @param flyApp the Fly app that runs it, empty for this one
 */
public record PlacementConfig(List<String> regions, String primary, String machine, String flyApp) {

    /** Everywhere. */
    public static final PlacementConfig ANYWHERE = new PlacementConfig(List.of(), "", "", "");

    /** Copies its list. */
    public PlacementConfig {
        regions = List.copyOf(regions);
    }

    /** Whether it lives wherever a request arrives. */
    public boolean isAnywhere() {
        return regions.isEmpty() && machine.isEmpty() && flyApp.isEmpty();
    }
}
