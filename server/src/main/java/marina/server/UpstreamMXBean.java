package marina.server;

import java.util.List;

/** The members of an upstream context in JMX: {@code marina:type=Upstream,context="/shop"}. */
public interface UpstreamMXBean {
    /** Which of the members is chosen: failover, round_robin, random, hash or least_requests. */
    String getSteering();

    /** healthy, degraded, critical or unknown. */
    String getHealth();

    /** In the order in which they are written. */
    List<MemberView> getMembers();

    /** Who answers when no member can; an empty list for nobody. */
    List<MemberView> getFallback();

    /** Gives a member no new clients: its URL, its host and port, or its id. */
    String drain(String member);

    /** Gives it new clients again. */
    String enable(String member);

    /** One member. */
    interface MemberView {
        /** What cookies call it. */
        String getId();

        /** Where it is. */
        String getUrl();

        /** Its share. */
        double getWeight();

        /** healthy, unhealthy, unknown, ejected or drained. */
        String getState();

        /** Requests and WebSockets that it has now. */
        int getInFlight();

        /** Requests that it has been given. */
        long getRequests();

        /** How many of them it did not answer, or with a 5xx. */
        long getFailures();

        /** When and why a request or a check failed last; empty for never. */
        String getLastFailure();
    }
}
