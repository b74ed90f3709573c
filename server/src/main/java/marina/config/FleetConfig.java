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
 * @param secret signs what requests tell of their way, none for no signature
 * @param peers the servers outside of Fly
 * @param transport how requests get to their place
 * @param form how Fly's proxy is asked to replay
 * @param coldStart how long a machine that sleeps may take to answer
 * @param port where machines reach each other, 0 for the first listener without TLS
 * @param flycastPort where Flycast takes requests without TLS
 */
public record FleetConfig(
        Platform platform,
        String dnsServer,
        Duration dnsTimeout,
        String api,
        List<LocateRule> locate,
        Secret secret,
        PeersConfig peers,
        Transport transport,
        Form form,
        Duration coldStart,
        int port,
        int flycastPort) {

    /** What is in effect when nothing is written. */
    public static final FleetConfig DEFAULT = new FleetConfig(
            Platform.AUTO,
            "",
            Duration.ofMillis(500),
            "/.fly/api",
            List.of(
                    new LocateRule(LocateRule.From.PATH, ""),
                    new LocateRule(LocateRule.From.QUERY, "_region"),
                    new LocateRule(LocateRule.From.COOKIE, "marina_place"),
                    new LocateRule(LocateRule.From.REFERER, "")),
            Secret.NONE,
            PeersConfig.NONE,
            Transport.REPLAY,
            Form.HEADER,
            Duration.ofMinutes(1),
            0,
            80);

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

    /** How requests get to their place. */
    public enum Transport {
        /** Fly's proxy brings them there. */
        REPLAY,
        /** This server forwards them. */
        PROXY,
        /** The client is sent there. */
        REDIRECT
    }

    /** How Fly's proxy is asked to replay. */
    public enum Form {
        /** By the field {@code fly-replay}. */
        HEADER,
        /** By a body of type {@code application/vnd.fly.replay+json}. */
        JSON
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
            /** The first part of the host name. */
            HOST,
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

    /** The name of the cookie that tells where a request belongs, empty for none. */
    public String cookie() {
        return locate.stream()
                .filter(rule -> rule.from() == LocateRule.From.COOKIE)
                .map(LocateRule::name)
                .findFirst()
                .orElse("");
    }
}
