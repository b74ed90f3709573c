package marina.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads where contexts live, and where the routes lead that replay. */
final class PlacementReader {
    /** What may stand in a name of DNS (RFC 1035 section 2.3.1) and in the fields of Fly. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private static final Pattern CACHED = Pattern.compile("/([A-Za-z0-9._~/-]*/)?\\*");
    private static final Duration SHORTEST_CACHE = Duration.ofSeconds(10);

    private PlacementReader() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    static PlacementConfig placement(Section s) {
        List<String> regions = s.list("regions", PlacementReader::region);
        List<String> region =
                s.value("region", PlacementReader::region).map(List::of).orElse(List.of());
        if (s.has("region") && s.has("regions")) {
            s.problem("region", "is short for regions with one entry; write only one of them");
        }
        String primary = s.value("primary", PlacementReader::region, "");
        if (!primary.isEmpty() && !regions.contains(primary)) {
            s.problem("primary", Secrets.quote(primary) + " is not one of the regions of this context");
        }
        return new PlacementConfig(
                regions.isEmpty() ? region : regions,
                primary,
                s.value("machine", PlacementReader::machine, ""),
                s.value("fly_app", PlacementReader::app, ""));
    }

    /**
     * Whether a context may be one of this machine, as far as the environment tells.
     *
     * @param server the top level of the server file
     */
    static boolean mayLiveHere(PlacementConfig placement, Section server) {
        String region = named("region", server);
        String machine = named("machine", server);
        String app = named("FLY_APP_NAME", server);
        boolean fits = (placement.regions().isEmpty() || placement.regions().contains(region))
                && (placement.machine().isEmpty() || placement.machine().equals(machine))
                && (placement.flyApp().isEmpty() || placement.flyApp().equals(app));
        return fits
                || switch (server.section("fleet", FleetReader::read).platform()) {
                    case NONE -> true;
                    case AUTO -> app.isEmpty();
                    case FLY, DNS -> false;
                };
    }

    /** What a name stands for, empty for nothing. */
    static String named(String name, Section s) {
        return s.scope().resolve("${" + name + ":-}", Set.of()).expand(Map.of());
    }

    /** A route that replays. */
    static RouteAction replay(Section s) {
        Duration timeout = s.value("timeout", PlacementReader::timeout, Duration.ZERO);
        RouteAction.Replay replay = new RouteAction.Replay(
                s.value("app", PlacementReader::app, ""),
                s.value("region", PlacementReader::region, ""),
                s.value("machine", PlacementReader::machine, ""),
                timeout,
                s.has("replay_cache")
                        ? s.section("replay_cache", PlacementReader::cache)
                        : RouteAction.ReplayCache.NONE);
        if (!s.has("app") && !s.has("region") && !s.has("machine")) {
            s.problem("app", "needs app, region or machine");
        }
        if (!timeout.isZero() && s.has("replay_cache")) {
            s.problem("replay_cache", "stands beside timeout, with which Fly remembers no replay; remove one of them");
        }
        return replay;
    }

    private static RouteAction.ReplayCache cache(Section s) {
        if (!s.has("prefix")) {
            s.problem("prefix", "needs prefix, the paths that are alike, e.g. prefix: \"/pdf/*\"");
        }
        return new RouteAction.ReplayCache(
                s.value("prefix", PlacementReader::cached, ""),
                s.value("ttl", PlacementReader::cacheTime, Duration.ofMinutes(1)),
                s.flag("allow_bypass", false));
    }

    private static String cached(String text) {
        if (!CACHED.matcher(text).matches()) {
            throw BadText.of("is no prefix of paths; write e.g. /pdf/*");
        }
        return text;
    }

    private static Duration cacheTime(String text) {
        Duration time = DurationText.parse(text);
        if (time.compareTo(SHORTEST_CACHE) < 0) {
            throw BadText.of("is shorter than the 10 seconds that Fly asks for");
        }
        return time;
    }

    private static Duration timeout(String text) {
        Duration timeout = DurationText.parse(text);
        if (timeout.isZero()) {
            throw BadText.of("leaves no time; write e.g. 30s");
        }
        return timeout;
    }

    private static String region(String text) {
        return name(text, "region", "syd");
    }

    private static String machine(String text) {
        return name(text, "machine", "683d314fdd4d68");
    }

    private static String app(String text) {
        return name(text, "app", "pdf-maker");
    }

    private static String name(String text, String what, String example) {
        if (!isName(text)) {
            throw BadText.of("is no name of a" + (what.equals("app") ? "n " : " ") + what + "; write e.g. " + example);
        }
        return text;
    }
}
