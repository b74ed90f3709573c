package marina.server;

import java.util.List;
import marina.upstream.Pool;
import marina.upstream.PoolStatus;

/** Shows the members of an upstream context in JMX. */
record UpstreamBean(Pool pool) implements UpstreamMXBean {

    @Override
    public String getSteering() {
        return pool.status().steering();
    }

    @Override
    public String getHealth() {
        return pool.status().health().toString();
    }

    @Override
    public List<MemberView> getMembers() {
        return views(pool.status().members());
    }

    @Override
    public List<MemberView> getFallback() {
        return views(pool.status().fallback());
    }

    @Override
    public String drain(String member) {
        return change(member, true);
    }

    @Override
    public String enable(String member) {
        return change(member, false);
    }

    private String change(String member, boolean out) {
        return pool.drain(member, out).orElseThrow(() -> new IllegalArgumentException(member + " is no member"));
    }

    private static List<MemberView> views(List<PoolStatus.MemberStatus> members) {
        return members.stream().map(member -> (MemberView) new View(member)).toList();
    }

    private record View(PoolStatus.MemberStatus member) implements MemberView {
        @Override
        public String getId() {
            return member.id();
        }

        @Override
        public String getUrl() {
            return member.url();
        }

        @Override
        public double getWeight() {
            return member.weight();
        }

        @Override
        public String getState() {
            return member.state().toString();
        }

        @Override
        public int getInFlight() {
            return member.inFlight();
        }

        @Override
        public long getRequests() {
            return member.requests();
        }

        @Override
        public long getFailures() {
            return member.failures();
        }

        @Override
        public String getLastFailure() {
            return member.lastFailure();
        }
    }
}
