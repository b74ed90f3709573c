package marina.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import marina.config.ContextPath;
import marina.config.PoolConfig;
import marina.login.SessionKeys;
import marina.proxy.ForwardTarget;
import marina.proxy.Forwarder;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pools of a server, and keeps what is known of their members while one pool takes the place of another: a member
 * that is in both goes on as it was. Thread-safe.
 */
public final class Pools {
    private final Parts parts;
    private final SessionKeys keys;
    private final Map<Key, Shared> members = new HashMap<>(); // guarded by this

    /**
     * What pools are made of; all of it belongs to the server.
     *
     * @param forwarder moves exchanges and asks members how they are
     * @param executor goes on with requests that had to wait
     * @param scheduler for checks and deadlines
     * @param keyFile with the key that signs cookies; made when it is first needed
     * @param client the same number for the same client
     */
    public record Parts(
            Forwarder forwarder,
            Executor executor,
            ScheduledExecutorService scheduler,
            Path keyFile,
            ToLongFunction<Request> client) {}

    /**
     * The context that a pool belongs to.
     *
     * @param where for messages
     * @param path where it is mounted
     * @param targets how requests get to a member
     * @param nobody answers those for whom there is no member
     */
    public record Place(
            String where, ContextPath path, Function<PoolConfig.Member, ForwardTarget> targets, Nobody nobody) {}

    /** Answers a request for which there is no member. */
    @FunctionalInterface
    public interface Nobody {
        /**
         * Writes the answer and completes the callback.
         *
         * @param failure of the last member that was tried; null when none was
         */
        void answer(@Nullable Throwable failure, Request request, Response response, Callback callback);
    }

    /** None yet. */
    public Pools(Parts parts) {
        this.parts = parts;
        this.keys = new SessionKeys(
                parts.keyFile,
                new SessionKeys.Use("affinity cookies", "end with a restart", "upstream.affinity.secret"));
    }

    /** A pool, to be closed when its context goes. Its members are checked from now on. */
    public Pool create(Place place, PoolConfig config) {
        return new Pool(place, config, parts, this);
    }

    /** What the cookies of a pool are signed with. */
    byte[] key(PoolConfig.Affinity affinity) {
        return keys.of(affinity.secret());
    }

    /** Like {@link #acquire}, for who answers when no member can: it is not checked and never left out. */
    Member fallback(Place place, URI url) {
        return new Member(
                place.where(),
                url,
                new PoolConfig.Ejection(0, PoolConfig.NONE.ejection().time()),
                MemberState.HEALTHY,
                parts.scheduler);
    }

    /** What is known of a member, to be given back with {@link #release}. */
    synchronized Shared acquire(Place place, PoolConfig.Member member, PoolConfig config) {
        Key key = new Key(place.path, member.url(), member.host(), config.check(), config.ejection());
        Shared shared = members.computeIfAbsent(key, added -> begin(added, place, member, config));
        shared.users++;
        return shared;
    }

    private Shared begin(Key key, Place place, PoolConfig.Member address, PoolConfig config) {
        MemberState known = config.check().isOn() ? MemberState.UNKNOWN : MemberState.HEALTHY;
        Member member = new Member(place.where, address.url(), config.ejection(), known, parts.scheduler);
        members.entrySet().stream()
                .filter(other -> other.getKey().path.equals(key.path)
                        && other.getKey().url.equals(key.url))
                .findFirst()
                .ifPresent(other -> member.inherit(other.getValue().member));
        HealthCheck check = config.check().isOn()
                ? new HealthCheck(member, address, config.check(), parts.forwarder, parts.scheduler)
                : null;
        return new Shared(key, member, check);
    }

    /** A pool goes. */
    synchronized void release(Shared shared) {
        shared.users--;
        if (shared.users == 0) {
            members.remove(shared.key);
            if (shared.check != null) {
                shared.check.close();
            }
        }
    }

    private record Key(ContextPath path, URI url, String host, PoolConfig.Check check, PoolConfig.Ejection ejection) {}

    /** A member that several pools of a path may have. */
    static final class Shared {
        private final Key key;
        private final Member member;
        private final @Nullable HealthCheck check;
        private int users; // guarded by the Pools

        private Shared(Key key, Member member, @Nullable HealthCheck check) {
            this.key = key;
            this.member = member;
            this.check = check;
        }

        Member member() {
            return member;
        }

        /** Begins to check it, if that has not been done. */
        void start() {
            if (check != null) {
                check.start();
            }
        }

        /** A request did not get there. */
        void suspect() {
            if (check != null) {
                check.soon();
            }
        }
    }
}
