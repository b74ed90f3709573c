package marina.simulator.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where regions are, which names stand for several of them, and how far it is from one to another. Immutable. */
public final class Regions {

    private static final double EARTH_RADIUS_KM = 6371;

    /** Light in a cable does a bit less than 100 km there and back in a millisecond. */
    private static final double KM_PER_MILLISECOND = 90;

    private static final Map<String, Region> KNOWN = known();

    private final Map<String, Region> regions;
    private final Map<String, Double> measured;

    /**
     * @param measured round trips in milliseconds by {@code a-b}, in place of those that follow from the distance
     */
    public Regions(Map<String, Region> regions, Map<String, Double> measured) {
        this.regions = new LinkedHashMap<>(regions);
        this.measured = Map.copyOf(measured);
    }

    /**
     * A region.
     *
     * @param area the aliases that include it, such as {@code us} and {@code na}
     */
    public record Region(String code, double latitude, double longitude, List<String> area) {

        /** Copies the aliases. */
        public Region {
            area = List.copyOf(area);
        }
    }

    /** A region of Fly by its code, with its place. */
    public static Optional<Region> known(String code) {
        return Optional.ofNullable(KNOWN.get(code));
    }

    /** All regions of the world, in the order of the file. */
    public List<Region> all() {
        return List.copyOf(regions.values());
    }

    /** Whether the world has this region. */
    public boolean has(String code) {
        return regions.containsKey(code);
    }

    /** Whether a word of a region list is an alias such as {@code eu} or {@code any}. */
    public static boolean isAlias(String word) {
        return switch (word) {
            case "apac", "eu", "na", "sa", "us", "usa", "any" -> true;
            default -> false;
        };
    }

    /** The regions that a word stands for, nearest to {@code from} first: one, those of an alias, or none. */
    public List<String> expand(String word, String from) {
        if (!isAlias(word)) {
            return has(word) ? List.of(word) : List.of();
        }
        String area = word.equals("usa") ? "us" : word;
        List<String> found = new ArrayList<>();
        for (Region region : regions.values()) {
            if (area.equals("any") || region.area().contains(area)) {
                found.add(region.code());
            }
        }
        found.sort(Comparator.comparingDouble(code -> roundTrip(from, code)));
        return found;
    }

    /** The round trip in milliseconds: as measured, or as far as light needs. */
    public double roundTrip(String from, String to) {
        if (from.equals(to)) {
            return 0;
        }
        Double known = measured.getOrDefault(from + "-" + to, measured.get(to + "-" + from));
        if (known != null) {
            return known;
        }
        Region a = regions.get(from);
        Region b = regions.get(to);
        return a == null || b == null ? Double.MAX_VALUE : 1 + distance(a, b) / KM_PER_MILLISECOND;
    }

    private static double distance(Region a, Region b) {
        double latitude = Math.toRadians(b.latitude() - a.latitude()) / 2;
        double longitude = Math.toRadians(b.longitude() - a.longitude()) / 2;
        double h = Math.pow(Math.sin(latitude), 2)
                + Math.cos(Math.toRadians(a.latitude()))
                        * Math.cos(Math.toRadians(b.latitude()))
                        * Math.pow(Math.sin(longitude), 2);
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
    }

    private static Map<String, Region> known() {
        Map<String, Region> found = new LinkedHashMap<>();
        String table = "ams 52.4 4.9 eu;arn 59.7 17.9 eu;bog 4.7 -74.1 sa;bom 19.1 72.9 apac;cdg 49.0 2.5 eu;"
                + "dfw 32.9 -97.0 us;ewr 40.7 -74.2 us;fra 50.0 8.6 eu;gru -23.4 -46.5 sa;hkg 22.3 113.9 apac;"
                + "iad 38.9 -77.5 us;jnb -26.1 28.2 af;lax 33.9 -118.4 us;lhr 51.5 -0.5 eu;mad 40.5 -3.6 eu;"
                + "nrt 35.8 140.4 apac;ord 42.0 -87.9 us;sea 47.4 -122.3 us;sin 1.4 104.0 apac;sjc 37.4 -121.9 us;"
                + "syd -33.9 151.2 apac;waw 52.2 21.0 eu;yul 45.5 -73.7 na;yyz 43.7 -79.6 na";
        for (String row : table.split(";", -1)) {
            String[] cells = row.split(" ", -1);
            String area = cells[3].toLowerCase(Locale.ROOT);
            found.put(
                    cells[0],
                    new Region(
                            cells[0],
                            Double.parseDouble(cells[1]),
                            Double.parseDouble(cells[2]),
                            area.equals("us") ? List.of("us", "na") : List.of(area)));
        }
        return Map.copyOf(found);
    }
}
