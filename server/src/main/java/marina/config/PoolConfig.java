package marina.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Several servers that answer for one upstream context.
 *
 * @param members the servers; none means that the upstream is a single server
 * @param steering which of the members is chosen
 * @param affinity keeps a client at its member
 * @param check finds out which members are healthy
 * @param ejection leaves out a member that fails request after request
 * @param fallback asked when no member can be, healthy or not; an empty URI for none
 * @param servedBy whether answers tell the member in X-Served-By
 * @param websocketPing how often both sides of a WebSocket are pinged; zero for never
 */
public record PoolConfig(
        List<Member> members,
        Steering steering,
        Affinity affinity,
        Check check,
        Ejection ejection,
        URI fallback,
        boolean servedBy,
        Duration websocketPing) {

    /** A single server. */
    public static final PoolConfig NONE = new PoolConfig(
            List.of(),
            Steering.ROUND_ROBIN,
            Affinity.NONE,
            Check.NONE,
            new Ejection(5, Duration.ofSeconds(10)),
            URI.create(""),
            false,
            Duration.ofSeconds(30));

    /**
     * A server of the pool.
     *
     * @param url where it is
     * @param weight its share; zero means that it gets no clients but those that belong to it already
     * @param host the Host field that it gets, with or without a port; empty for that of the client
     */
    public record Member(URI url, double weight, String host) {}

    /** How a member is chosen. */
    public enum Steering {
        /** The first that can answer, in the order in which they are written. */
        FAILOVER,
        /** In turn, by weight. */
        ROUND_ROBIN,
        /** At random, by weight. */
        RANDOM,
        /** By the address of the client, so that it stays where it is as long as its member can answer. */
        HASH,
        /** The one with the fewest requests in flight, by weight. */
        LEAST_REQUESTS
    }

    /**
     * Keeps a client at its member.
     *
     * @param cookie its name, empty for no affinity
     * @param ttl how long after the last request; zero means until the browser is closed
     * @param failover what becomes of a client whose member cannot answer
     * @param secret what the cookie is signed with; none for a key of this instance
     */
    public record Affinity(String cookie, Duration ttl, Failover failover, Secret secret) {
        /** No affinity. */
        public static final Affinity NONE = new Affinity("", Duration.ZERO, Failover.STICKY, Secret.NONE);

        /** Whether clients are kept at their members. */
        public boolean isOn() {
            return !cookie.isEmpty();
        }
    }

    /** What becomes of a client whose member cannot answer. */
    public enum Failover {
        /** It belongs to the member that answers in its place from then on. */
        STICKY,
        /** It comes back when its own member can answer again. */
        TEMPORARY
    }

    /**
     * A health check of each member.
     *
     * @param question what is asked
     * @param interval from the end of one check to the next
     * @param timeout for each answer
     * @param retries how often a check that fails is repeated at once
     * @param consecutiveUp good checks in a row that make an unhealthy member healthy
     * @param consecutiveDown failed checks in a row that make a healthy member unhealthy
     * @param expect what a healthy member answers
     */
    public record Check(
            Question question,
            Duration interval,
            Duration timeout,
            int retries,
            int consecutiveUp,
            int consecutiveDown,
            Expect expect) {
        /** No check: members are taken for healthy. */
        public static final Check NONE = new Check(
                new Question("GET", "", 0, Map.of(), false),
                Duration.ZERO,
                Duration.ZERO,
                0,
                0,
                0,
                new Expect(List.of(), ""));

        /** Whether members are checked. */
        public boolean isOn() {
            return !question.path().isEmpty();
        }
    }

    /**
     * A request that finds out how a member is.
     *
     * @param method GET, HEAD or OPTIONS
     * @param path with a query or without, whatever path the URL of the member has; empty for no check
     * @param port 0 for that of the member
     * @param headers its fields by name
     * @param followRedirects whether a redirect is followed, or counts as the answer
     */
    public record Question(
            String method, String path, int port, Map<String, Template> headers, boolean followRedirects) {
        /** Copies its map. */
        public Question {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * A good answer.
     *
     * @param statuses any of them
     * @param body what its beginning contains; empty for anything
     */
    public record Expect(List<StatusRange> statuses, String body) {
        /** Copies its list. */
        public Expect {
            statuses = List.copyOf(statuses);
        }

        /** Whether a status is one of a good answer. */
        public boolean accepts(int status) {
            return statuses.stream().anyMatch(range -> range.contains(status));
        }
    }

    /** Statuses from one to another, both of them included. */
    public record StatusRange(int from, int to) {
        boolean contains(int status) {
            return from <= status && status <= to;
        }

        /** {@code 204}, or {@code 2xx} for a class. */
        @Override
        public String toString() {
            return from == to ? Integer.toString(from) : from / 100 + "xx";
        }
    }

    /**
     * Leaves out a member that fails request after request.
     *
     * @param failures in a row; 0 for never
     * @param time for how long the first time; twice as long each time that it fails again after that
     */
    public record Ejection(int failures, Duration time) {}

    /** Copies its list. */
    public PoolConfig {
        members = List.copyOf(members);
    }
}
