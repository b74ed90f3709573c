package example.gameserver;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the operator has set, by {@code env} or {@code parameters} of the context.
 *
 * @param arena the name of the arena: the last part of the path that the application is mounted at
 * @param place who serves this
 * @param regions what the lobby lists; empty for an arena
 * @param arenas where the arenas are, as a link from the lobby: a region's name is put behind it
 * @param lobby where the lobby is, as a link from an arena; empty for no link
 * @param seats how many play at once; more are refused
 * @param awayAfter who has done nothing for so long is sent off, so that a forgotten tab keeps no machine awake
 */
record Settings(
        String arena, Place place, List<Region> regions, String arenas, String lobby, int seats, Duration awayAfter) {
    private static final int SEATS = 100;
    private static final int AWAY_AFTER_SECONDS = 600;

    /** Both as the platform names them; empty where there is none. */
    record Place(String region, String machine) {}

    /** One line of the lobby. */
    record Region(String code, String name) {}

    static Settings of(ServletContext context) {
        String path = context.getContextPath();
        return new Settings(
                path.substring(path.lastIndexOf('/') + 1),
                new Place(text(context, "REGION", ""), text(context, "MACHINE", "")),
                regions(text(context, "REGIONS", "")),
                text(context, "ARENAS", "../gameserver/"),
                text(context, "LOBBY", ""),
                number(context, "SEATS", SEATS),
                Duration.ofSeconds(number(context, "AWAY_AFTER", AWAY_AFTER_SECONDS)));
    }

    /** Written as {@code ewr=Newark, lhr=London} or, without names, {@code ewr lhr}. */
    private static List<Region> regions(String written) {
        List<Region> regions = new ArrayList<>();
        for (String part : written.split(written.contains(",") ? "," : "\\s+", -1)) {
            int equals = part.indexOf('=');
            String code = (equals < 0 ? part : part.substring(0, equals)).strip();
            String name = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (code.isEmpty()) {
                continue;
            }
            if (!code.matches("[A-Za-z0-9_-]+")) {
                throw new IllegalArgumentException("REGIONS: \"" + code
                        + "\" is not the name of a region; write e.g. REGIONS: \"ewr=Newark, lhr=London\"");
            }
            regions.add(new Region(code, name.isEmpty() ? code : name));
        }
        return List.copyOf(regions);
    }

    private static int number(ServletContext context, String name, int otherwise) {
        String written = text(context, name, String.valueOf(otherwise));
        if (!written.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(
                    name + ": \"" + written + "\" is not a number from 1 to 999999; write e.g. " + otherwise);
        }
        return Integer.parseInt(written);
    }

    private static String text(ServletContext context, String name, String otherwise) {
        String written = context.getInitParameter(name);
        return written == null || written.isBlank() ? otherwise : written.strip();
    }
}
