package marina.backend;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.hook.HookPoint;
import marina.process.ExitOutcome;
import marina.process.ListenerOwner;
import marina.process.RunningProcess;

/** An application process that answers on a port of 127.0.0.1. Thread-safe. */
public final class ProcessInstance implements Instance {
    private final RunningProcess process;
    private final int port;
    private final Map<String, String> environment;
    private final ProcessSettings settings;
    private final ProcessTools tools;
    private final CompletableFuture<String> ended;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    ProcessInstance(
            RunningProcess process,
            int port,
            Map<String, String> environment,
            ProcessSettings settings,
            ProcessTools tools) {
        this.process = process;
        this.port = port;
        this.environment = environment;
        this.settings = settings;
        this.tools = tools;
        this.ended = process.exit().thenApply(ProcessInstance::describe);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Where it answers: {@code http://127.0.0.1:40123}. */
    public URI origin() {
        return URI.create("http://" + address());
    }

    @Override
    public CompletableFuture<String> ended() {
        return ended;
    }

    /** Ends the process tree, runs the stop hooks, gives the port back. A stop hook that fails is logged, no more. */
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
                        tools.ports().release(port);
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
        return Map.of("port", Integer.toString(port));
    }

    /** Who listens on its port. May block for some milliseconds. */
    ListenerOwner listener() {
        return process.listenerOn(port);
    }

    static String describe(ExitOutcome outcome) {
        String lines = String.join(" | ", outcome.lastLines());
        return outcome.describe() + (lines.isEmpty() ? "" : "; last output: " + lines);
    }
}
