package marina.host;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import marina.backend.ProcessEnvironment;
import marina.backend.RestartPolicy;
import marina.config.ServiceConfig;
import marina.process.OutputSink;
import marina.process.ProcessSpec;
import marina.process.RunningProcess;
import org.jspecify.annotations.Nullable;

/** A helper process of the server, from its first start to its removal. Changed only by the thread of {@link Services}. */
public final class Service {
    private final String name;
    private final ServiceConfig config;
    private volatile Status status = new Status(State.WAITING, 0, 0, "");

    /** The process that runs, or the last one; its tree is ended with it. */
    @Nullable
    RunningProcess process;

    /** When it was started, as {@link System#nanoTime}. */
    long started;

    /** When its turn to start comes, as {@link System#nanoTime}; null until all before it have started. */
    @Nullable
    Long due;

    RestartPolicy policy = RestartPolicy.HEALTHY;
    boolean removed;

    /** What a service does. */
    public enum State {
        /** Its first start is still to come. */
        WAITING,
        /** Its process runs. */
        RUNNING,
        /** It has ended and is started again after a pause. */
        RESTARTING,
        /** It ended or could not be started, and its policy leaves it so. */
        ENDED,
        /** It was stopped. */
        STOPPED
    }

    /**
     * How it is.
     *
     * @param pid 0 when no process runs
     * @param restarts how often it was started again
     * @param reason how its last process ended; empty when none has
     */
    public record Status(State state, long pid, long restarts, String reason) {}

    Service(String name, ServiceConfig config) {
        this.name = name;
        this.config = config;
    }

    /** Its name in the configuration. */
    public String name() {
        return name;
    }

    /** How it is at this moment. */
    public Status status() {
        return status;
    }

    ServiceConfig config() {
        return config;
    }

    ProcessSpec spec(OutputSink output) {
        Map<String, String> env = new TreeMap<>();
        config.env().forEach((key, value) -> env.put(key, value.expand(Map.of())));
        return new ProcessSpec(
                "service " + name,
                config.command().stream().map(word -> word.expand(Map.of())).toList(),
                config.directory(),
                ProcessEnvironment.of(config.inheritEnv(), env),
                output);
    }

    void running(RunningProcess now) {
        process = now;
        started = System.nanoTime();
        long restarts = status.restarts + (status.state == State.RESTARTING ? 1 : 0);
        status = new Status(State.RUNNING, now.pid(), restarts, status.reason);
    }

    void ended(State next, String reason) {
        status = new Status(next, 0, status.restarts, reason);
    }

    /** Ends its process and keeps it from starting again. */
    CompletableFuture<Void> stop() {
        removed = true;
        RunningProcess last = process;
        CompletableFuture<Void> gone =
                last == null ? CompletableFuture.completedFuture(null) : last.terminate(config.stopTimeout());
        return gone.thenRun(() -> ended(State.STOPPED, status.reason));
    }
}
