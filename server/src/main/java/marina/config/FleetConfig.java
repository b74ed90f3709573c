package marina.config;

import java.time.Duration;
import java.util.List;

/**
 * The machines that run the same configuration.
 *
 * @param platform how they find each other
 * @param dnsServer host:port that is asked for their names, empty for the platform's or the system's
 * @param dnsTimeout for one question
 * @param api path or socket of the Machines API
 * @param locate what tells where a request belongs, in order
 */
public record FleetConfig(
        Platform platform, String dnsServer, Duration dnsTimeout, String api, List<LocateRule> locate) {

    /** What is in effect when nothing is written. */
    public static final FleetConfig DEFAULT =
            new FleetConfig(Platform.AUTO, "", Duration.ofMillis(500), "/.fly/api", List.of());

    /** How machines find each other. */
    public enum Platform {
        /** Fly when FLY_APP_NAME is set, else none. */
        AUTO,
        /** Fly.io. */
        FLY,
        /** DNS only. */
        DNS,
        /** This machine is alone. */
        NONE
    }

    /**
     * One thing that tells where a request belongs.
     *
     * @param from where to look
     * @param name of the query parameter or cookie, else empty
     */
    public record LocateRule(From from, String name) {

        /** Where to look. */
        public enum From {
            /** The context that the path belongs to. */
            PATH,
            /** A query parameter. */
            QUERY,
            /** A cookie. */
            COOKIE,
            /** The Referer's path. */
            REFERER
        }
    }

    /** Copies its list. */
    public FleetConfig {
        locate = List.copyOf(locate);
    }
}
