package marina.simulator.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All of FLEET.yml: the world to play. Immutable; values that exist are valid.
 *
 * @param network the first three numbers of the loopback addresses of machines, such as {@code 127.77.3}; absent: a free
 *     one is taken
 * @param control where the page and the REST API listen
 * @param dns where the DNS server listens; absent: an address of the network, any free port
 * @param from the region of clients that do not tell theirs
 * @param autostopEvery how often idle machines are looked for; zero: never
 * @param suspendDelay how long a machine is "suspending" before it is frozen
 * @param retryFor how long the edge tries to reach a machine when a replay names no time-out
 * @param replayLimit the largest request body, in bytes, that can be replayed
 * @param chaos faults that come by chance
 */
public record Topology(
        Optional<String> network,
        Endpoint control,
        Optional<Endpoint> dns,
        Regions regions,
        String from,
        Duration autostopEvery,
        Duration suspendDelay,
        Duration retryFor,
        int replayLimit,
        Chaos chaos,
        List<App> apps) {

    /** Copies the apps. */
    public Topology {
        apps = List.copyOf(apps);
    }

    /** An address to listen on; port 0 is any free one. */
    public record Endpoint(String host, int port) {}

    /**
     * Faults by chance, the same for the same seed and the same order of events. Each is a probability from 0 to 1.
     *
     * @param connect a connection to a machine is refused
     * @param dns a query is answered with SERVFAIL
     * @param api a call of the Machines API is answered with 500
     */
    public record Chaos(long seed, double connect, double dns, double api) {}

    /**
     * An app.
     *
     * @param org only apps of the same organisation may replay to each other
     * @param softLimit requests at once from which others are preferred; 0 is none
     * @param hardLimit requests at once that a machine gets at most; 0 is unlimited
     * @param minRunning machines that autostop leaves running
     * @param primaryRegion goes to PRIMARY_REGION; null when there is none
     */
    public record App(
            String name,
            String org,
            int softLimit,
            int hardLimit,
            int minRunning,
            @Nullable String primaryRegion,
            List<Service> services,
            List<MachineSpec> machines) {

        /** Copies the lists. */
        public App {
            services = List.copyOf(services);
            machines = List.copyOf(machines);
        }

        /** The service of a public port. */
        public Optional<Service> service(int port) {
            return services.stream().filter(service -> service.port() == port).findFirst();
        }
    }

    /**
     * What an app offers to the public.
     *
     * @param port the public port, by which replays to other apps find their service
     * @param listen where this machine's clients reach it; absent for an app that only gets replays and Flycast
     * @param internalPort where the processes listen
     * @param proto what clients are said to speak: {@code http} or {@code https}
     */
    public record Service(
            int port, Optional<Endpoint> listen, int internalPort, String proto, List<CacheRule> replayCache) {

        /** Copies the rules. */
        public Service {
            replayCache = List.copyOf(replayCache);
        }
    }

    /**
     * A session-based replay cache: a replay of a request below the prefix is remembered for the value of a cookie or
     * field.
     */
    public record CacheRule(String pathPrefix, Duration ttl, boolean cookie, String name, boolean allowBypass) {}

    /** What autostop does with an idle machine. */
    public enum Autostop {
        /** Nothing. */
        OFF,
        /** It stops. */
        STOP,
        /** It is suspended, or stopped when it cannot be. */
        SUSPEND
    }

    /** What happens to a machine whose program has ended by itself. */
    public enum Restart {
        /** It stops. */
        NO,
        /** It starts again unless the exit status is 0, ten times at most. */
        ON_FAILURE,
        /** It starts again. */
        ALWAYS
    }

    /** The state that a machine has when the simulator starts. */
    public enum FirstState {
        /** Its process runs. */
        STARTED,
        /** It has none. */
        STOPPED,
        /** Its process has run up to its first connection and is frozen. */
        SUSPENDED
    }

    /**
     * A machine.
     *
     * @param memory in MB; above 2048 a machine cannot be suspended
     * @param command the program and its arguments; {@code ${NAME}} is taken from its environment
     * @param marina the base folder of a Marina that is started instead; null when command is given
     * @param skipDns whether it never appears in DNS
     */
    public record MachineSpec(
            String id,
            String region,
            String group,
            int memory,
            FirstState state,
            boolean autostart,
            Autostop autostop,
            Restart restart,
            List<String> command,
            @Nullable String marina,
            @Nullable String directory,
            Map<String, String> env,
            Map<String, String> metadata,
            String killSignal,
            Duration killTimeout,
            boolean skipDns) {

        /** Copies the collections. */
        public MachineSpec {
            command = List.copyOf(command);
            env = Map.copyOf(env);
            metadata = Map.copyOf(metadata);
        }
    }
}
