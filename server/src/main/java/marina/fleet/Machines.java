package marina.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The machines that a TXT record of Fly names: {@code 683d314fdd4d68 yyz,568323e9b54dd8 lhr}.
 *
 * @param regions region by id of the machine
 */
record Machines(Map<String, String> regions) {
    static final Machines NONE = new Machines(Map.of());

    /** Reads the records; what has another form is passed over. */
    static Machines parse(List<String> texts) {
        Map<String, String> regions = new LinkedHashMap<>();
        for (String text : texts) {
            for (String machine : text.split(",", -1)) {
                String[] parts = machine.strip().split("\\s+", -1);
                if (parts.length == 2) {
                    regions.put(parts[0], parts[1]);
                }
            }
        }
        return new Machines(regions);
    }

    boolean isAt(Place place) {
        if (!place.machine().isEmpty()) {
            return regions.containsKey(place.machine());
        }
        return place.region().isEmpty() ? !regions.isEmpty() : regions.containsValue(place.region());
    }

    /** The ids of those at a place. */
    List<String> at(Place place) {
        return regions.entrySet().stream()
                .filter(machine -> place.machine().isEmpty()
                        ? place.region().isEmpty() || place.region().equals(machine.getValue())
                        : place.machine().equals(machine.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
