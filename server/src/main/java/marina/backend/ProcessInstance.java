package marina.backend;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.hook.HookPoint;
import marina.process.ExitOutcome;
import marina.process.ListenerOwner;
import marina.process.ResourceLimits;
import marina.process.RunningProcess;

/** An application process that answers on a port of 127.0.0.1 or on a Unix socket. Thread-safe. */
public final class ProcessInstance implements Instance {
    private static final String NO_MEMORY_LEFT = "its JVM had no memory left";

    /** What a JVM prints that ends because of -XX:+ExitOnOutOfMemoryError. */
    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError: ";

    private final RunningProcess process;
    private final Endpoint endpoint;
    private final URI origin;
    private final Map<String, String> environment;
    private final ProcessSettings settings;
    private final ProcessTools tools;
    private final ListenerWatch listeners;
    private final CompletableFuture<String> ended;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    ProcessInstance(
            RunningProcess process,
            Endpoint endpoint,
            Map<String, String> environment,
            ProcessSettings settings,
            ProcessTools tools) {
        this.process = process;
        this.endpoint = endpoint;
        this.origin = endpoint.origin();
        this.environment = environment;
        this.settings = settings;
        this.tools = tools;
        this.listeners = new ListenerWatch(process, endpoint, settings.owner(), tools);
        this.ended = process.exit()
                .thenApply(ProcessInstance::describe)
                .applyToEither(listeners.displaced(), reason -> reason);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public String address() {
        return endpoint.address();
    }

    /** Where it answers: {@code http://127.0.0.1:40123}, or {@code unix:} with the path of a socket. */
    public URI origin() {
        return origin;
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    /** Ends the process tree, runs the stop hooks, gives its port or socket back. A stop hook that fails is logged, no more. */
    @Override
    public CompletableFuture<Void> stop() {
        if (stopping.compareAndSet(false, true)) {
            var unused = process.terminate(settings.policy().stopTimeout())
                    .thenComposeAsync(
                            gone -> settings.listener()
                                    .reached(HookPoint.CONTEXT_STOP, environment, values())
                                    .outcome(),
                            tools.executor())
                    .whenComplete((outcome, failure) -> {
                        endpoint.release();
                        if (failure == null) {
                            stopped.complete(null);
                        } else {
                            stopped.completeExceptionally(failure);
                        }
                    });
        }
        return stopped.copy();
    }

    /** Completes when nothing is left of it and its stop hooks are done; exceptionally when that was not clean. */
    CompletableFuture<Void> gone() {
        return stopped.copy();
    }

    /** Memory of its process tree in bytes, 0 when that is not known. May take some milliseconds. */
    long residentBytes() {
        return process.residentBytes();
    }

    Map<String, String> environment() {
        return environment;
    }

    Map<String, String> values() {
        return endpoint.values();
    }

    /** Who listens where it should. May block for some milliseconds. */
    ListenerOwner listener() {
        return endpoint.owner(process);
    }

    String describeEndpoint() {
        return endpoint.describe();
    }

    /** What to do when it does not answer. */
    String advice() {
        return endpoint.advice();
    }

    /** It has become ready: from now on its listeners are watched. */
    void watchListeners() {
        listeners.begin();
    }

    /** Whether a reason of a failure says that a process had to end for want of memory. */
    public static boolean isForMemory(String reason) {
        return reason.contains(ResourceLimits.KILLED_FOR_MEMORY) || reason.contains(NO_MEMORY_LEFT);
    }

    static String describe(ExitOutcome outcome) {
        for (String line : outcome.lastLines()) {
            if (line.startsWith(OUT_OF_MEMORY)) {
                return NO_MEMORY_LEFT + " (" + line.substring(OUT_OF_MEMORY.length()) + "); raise memory_limit or -Xmx";
            }
        }
        String lines = String.join(" | ", outcome.lastLines());
        return outcome.describe() + (lines.isEmpty() ? "" : "; last output: " + lines);
    }
}
