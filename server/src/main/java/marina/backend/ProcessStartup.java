package marina.backend;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.config.LifecyclePolicy;
import marina.hook.HookOutcome;
import marina.hook.HookPoint;
import marina.process.LaunchException;
import marina.process.ListenerOwner;
import marina.process.ProcessSpec;
import marina.process.RunningProcess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One start of a process, from the port to the first answer, or to the end of what had been begun. */
final class ProcessStartup {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessStartup.class);
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "TMPDIR");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
    private static final int SERVER_ERROR = 500;

    /** From SIGTERM to SIGKILL for what never became ready: somebody waits for the reason. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** Answers may be slow at first, but a connection that was lost must not use up the whole time. */
    private static final Duration SHORTEST_PROBE = Duration.ofSeconds(1);

    private final ProcessSettings settings;
    private final ProcessTools tools;
    private final CompletableFuture<ProcessInstance> result = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicBoolean failed = new AtomicBoolean();

    /** Set by who comes first: the launch, or the failure that makes it pointless. */
    private final AtomicBoolean launching = new AtomicBoolean();

    /** Completes when it is known whether there is a process. */
    private final CompletableFuture<Void> launched = new CompletableFuture<>();

    private volatile int port;
    private volatile long deadline;
    private volatile Duration pause = FIRST_PAUSE;
    private volatile String lastAnswer = "no answer yet";
    private volatile @Nullable RunningProcess process;
    private volatile @Nullable CompletableFuture<HookOutcome> hooks;

    ProcessStartup(ProcessSettings settings, ProcessTools tools) {
        this.settings = settings;
        this.tools = tools;
    }

    /** Completes when the application is ready, exceptionally when it is not and nothing of it is left. */
    CompletableFuture<ProcessInstance> result() {
        return result;
    }

    /** Completes when the next start may begin: it is ready, or nothing of it is left. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** Begins; blocks for some milliseconds. */
    void begin() {
        var unused = result.whenComplete((instance, failure) -> {
            if (failure == null) {
                over.complete(null);
            } else {
                fail("given up"); // cancelled, unless it is failing already
            }
        });
        if (result.isDone()) {
            return;
        }
        try {
            port = tools.ports().take();
            Map<String, String> values = Map.of("port", Integer.toString(port));
            Map<String, String> environment = environment(values);
            CompletableFuture<HookOutcome> running = runHooks(HookPoint.CONTEXT_START, environment, values);
            hooks = running;
            if (failed.get()) { // given up so early that neither of the two was there to be seen
                running.cancel(true);
                tools.ports().release(port);
            }
            var unusedLaunch = running.thenAcceptAsync(
                            outcome -> {
                                if (outcome.succeeded()) {
                                    launch(environment, values);
                                } else {
                                    fail(outcome.reason());
                                }
                            },
                            tools.executor())
                    .exceptionally(this::failUnexpectedly);
        } catch (IllegalArgumentException | StartFailedException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void launch(Map<String, String> environment, Map<String, String> values) {
        if (failed.get()) {
            return;
        }
        try {
            List<String> command =
                    settings.command().stream().map(word -> word.expand(values)).toList();
            ProcessSpec spec =
                    new ProcessSpec(settings.name(), command, settings.directory(), environment, settings.output());
            if (!launching.compareAndSet(false, true)) {
                return; // given up
            }
            RunningProcess started = tools.launcher().launch(spec);
            process = started;
            launched.complete(null);
            if (failed.get()) {
                return;
            }
            var unused = started.exit()
                    .thenAccept(outcome -> fail("ended during its start: " + ProcessInstance.describe(outcome)));
            deadline = System.nanoTime() + policy().readyTimeout().toNanos();
            ask(new ProcessInstance(started, port, environment, settings, tools));
        } catch (LaunchException | IllegalArgumentException e) {
            launched.complete(null);
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void ask(ProcessInstance candidate) {
        Duration rest = Duration.ofNanos(deadline - System.nanoTime());
        if (failed.get()) {
            return;
        }
        if (rest.isNegative() || rest.isZero()) {
            fail(tooLate());
            return;
        }
        Duration half = rest.dividedBy(2);
        Duration patience = half.compareTo(SHORTEST_PROBE) > 0 ? half : min(rest, SHORTEST_PROBE);
        URI uri = candidate.origin().resolve(policy().readyPath());
        var unused = tools.probe()
                .probe(uri, patience)
                .handleAsync(
                        (status, failure) -> {
                            answered(candidate, status, failure);
                            return candidate;
                        },
                        tools.executor())
                .exceptionally(failure -> {
                    failUnexpectedly(failure);
                    return candidate;
                });
    }

    private void answered(ProcessInstance candidate, @Nullable Integer status, @Nullable Throwable failure) {
        lastAnswer = status != null ? "status " + status : "" + failure;
        if (status != null && ready(status)) {
            if (candidate.listener() == ListenerOwner.STRANGER) {
                fail("port " + port + " was taken by another program; its next start will use another port");
            } else if (!failed.get() && result.complete(candidate)) {
                var unused = runHooks(HookPoint.CONTEXT_READY, candidate.environment(), candidate.values());
            }
            return;
        }
        Duration now = pause;
        pause = min(now.multipliedBy(2), LONGEST_PAUSE);
        try {
            var unused = tools.scheduler()
                    .schedule(
                            () -> tools.executor().execute(() -> ask(candidate)),
                            now.toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            fail("Marina is stopping");
        }
    }

    private boolean ready(int status) {
        return policy().readyStatus() == 0 ? status < SERVER_ERROR : status == policy().readyStatus();
    }

    /** Ends what was begun, then tells. Only the first reason counts. */
    private void fail(String reason) {
        if (result.isDone() && !result.isCompletedExceptionally()) {
            return; // it was ready; what happens now is its instance's business
        }
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<HookOutcome> hooksNow = hooks;
        if (hooksNow != null) {
            hooksNow.cancel(true);
        }
        if (launching.compareAndSet(false, true)) {
            launched.complete(null); // nothing has been launched and nothing will be
        }
        var unused = launched.thenCompose(nothing -> terminate()).thenRun(() -> {
            tools.ports().release(port);
            over.complete(null);
            result.completeExceptionally(new StartFailedException(reason));
        });
    }

    private CompletableFuture<Void> terminate() {
        RunningProcess started = process;
        return started == null
                ? CompletableFuture.completedFuture(null)
                : started.terminate(min(GRACE, policy().stopTimeout()));
    }

    private @Nullable Void failUnexpectedly(Throwable failure) {
        launched.complete(null);
        LOG.warn("The start of {} failed in an unexpected way", settings.name(), failure);
        fail(failure.toString());
        return null;
    }

    private String tooLate() {
        return "did not answer on port " + port + " within " + Spans.text(policy().readyTimeout()) + " (GET "
                + policy().readyPath() + "): last result: " + lastAnswer
                + "; check that the command listens on 127.0.0.1:${port}";
    }

    private CompletableFuture<HookOutcome> runHooks(
            HookPoint point, Map<String, String> environment, Map<String, String> values) {
        return tools.hookRunner()
                .run(
                        point,
                        settings.name(),
                        point == HookPoint.CONTEXT_START
                                ? settings.hooks().start()
                                : settings.hooks().ready(),
                        settings.directory(),
                        environment,
                        values,
                        settings.output());
    }

    private Map<String, String> environment(Map<String, String> values) {
        Map<String, String> environment = new HashMap<>();
        for (String name : INHERITED) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        settings.environment().forEach((name, value) -> environment.put(name, value.expand(values)));
        return Map.copyOf(environment);
    }

    private LifecyclePolicy policy() {
        return settings.policy();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
