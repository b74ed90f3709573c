package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Several servers that answer for one upstream context.
 *
 * @param members the servers; none means that the upstream is a single server
 * @param steering which of the members is chosen
 * @param affinity keeps a client at its member
 * @param check finds out which members are healthy
 * @param fallback asked when no member is healthy, an empty URI for none
 */
public record PoolConfig(List<Member> members, Steering steering, Affinity affinity, Check check, URI fallback) {

    /** A single server. */
    public static final PoolConfig NONE = new PoolConfig(
            List.of(),
            Steering.ROUND_ROBIN,
            new Affinity("", Duration.ZERO),
            new Check("", Duration.ZERO, Duration.ZERO, 0, 0),
            URI.create(""));

    /**
     * A server of the pool.
     *
     * @param url where it is
     * @param weight its share
     */
    public record Member(URI url, double weight) {}

    /** How a member is chosen. */
    public enum Steering {
        /** In turn, by weight. */
        ROUND_ROBIN,
        /** At random, by weight. */
        RANDOM,
        /** The one with the fewest requests in flight. */
        LEAST_CONNECTIONS
    }

    /**
     * Keeps a client at its member.
     *
     * @param cookie its name, empty for no affinity
     * @param ttl how long; zero means until the browser is closed
     */
    public record Affinity(String cookie, Duration ttl) {}

    /**
     * A health check of each member.
     *
     * @param path what is asked, empty for no check
     * @param interval between two checks
     * @param timeout for the answer
     * @param retries failures in a row after which a member counts as unhealthy
     * @param expect the status of a healthy member
     */
    public record Check(String path, Duration interval, Duration timeout, int retries, int expect) {}

    /** Copies its list. */
    public PoolConfig {
        members = List.copyOf(members);
    }
}
