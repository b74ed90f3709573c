package marina.upstream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The members of a context as they are at one moment.
 *
 * @param path of the context
 * @param steering which of the members is chosen
 * @param health of all together
 * @param members in the order in which they are written
 * @param fallback who answers when no member can; empty list for nobody
 */
public record PoolStatus(
        String path, String steering, PoolHealth health, List<MemberStatus> members, List<MemberStatus> fallback) {

    /** Copies its lists. */
    public PoolStatus {
        members = List.copyOf(members);
        fallback = List.copyOf(fallback);
    }

    /** All members together. */
    public enum PoolHealth {
        /** All members that the operator has not taken out can answer. */
        HEALTHY,
        /** Some can. */
        DEGRADED,
        /** None can. */
        CRITICAL,
        /** None is known to be able to, and not all have been checked yet. */
        UNKNOWN;

        /** As the operator reads it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One member.
     *
     * @param id what cookies call it: the same on every machine and in every run
     * @param url where it is
     * @param weight its share
     * @param state how it is
     * @param inFlight requests and WebSockets that it has now
     * @param requests that it has been given
     * @param failures how many of them it did not answer, or with a 5xx
     * @param lastFailure when and why a request or a check failed last; empty for never
     */
    public record MemberStatus(
            String id,
            String url,
            double weight,
            MemberState state,
            int inFlight,
            long requests,
            long failures,
            String lastFailure) {

        /** All of it as names and values of JSON types, in a fixed order. */
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("id", id);
            map.put("url", url);
            map.put("weight", weight);
            map.put("state", state.toString());
            map.put("in_flight", inFlight);
            map.put("requests", requests);
            map.put("failures", failures);
            map.put("last_failure", lastFailure);
            return map;
        }
    }

    /** {@code degraded: 2 of 3 members can answer}; what is as it should be is not said. */
    public String summary() {
        long able = members.stream()
                .filter(member -> member.state() == MemberState.HEALTHY)
                .count();
        return health == PoolHealth.HEALTHY
                ? ""
                : health + ": " + able + " of " + members.size() + " members can answer";
    }

    /** All of it as names and values of JSON types, in a fixed order. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", path);
        map.put("steering", steering);
        map.put("health", health.toString());
        map.put("members", maps(members));
        map.put("fallback", maps(fallback));
        return map;
    }

    private static Object[] maps(List<MemberStatus> members) {
        List<Object> maps = new ArrayList<>();
        members.forEach(member -> maps.add(member.toMap()));
        return maps.toArray();
    }
}
