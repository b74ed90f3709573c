package marina.backend;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.config.LifecyclePolicy;
import marina.hook.HookOutcome;
import marina.hook.HookPoint;
import marina.hook.HookRow;
import marina.process.LaunchException;
import marina.process.ListenerOwner;
import marina.process.RunningProcess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One start of a process, from the port to the first answer, or to the end of what had been begun. */
final class ProcessStartup implements Start<ProcessInstance> {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessStartup.class);
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
    private final Step hooking = new Step();
    private final Step launching = new Step();

    /** Set by what comes first: the answer, or a failure. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private volatile long deadline;
    private volatile Duration pause = FIRST_PAUSE;
    private volatile String lastAnswer = "no answer yet";
    private volatile @Nullable Endpoint endpoint;
    private volatile @Nullable RunningProcess process;
    private volatile @Nullable HookRow hooks;

    ProcessStartup(ProcessSettings settings, ProcessTools tools) {
        this.settings = settings;
        this.tools = tools;
    }

    @Override
    public CompletableFuture<ProcessInstance> ready() {
        return result;
    }

    @Override
    public void giveUp() {
        fail("given up");
    }

    /** Begins; blocks for some milliseconds. */
    void begin() {
        if (!hooking.begin()) {
            return; // given up
        }
        try {
            Endpoint place = tools.endpoints().take(settings.process());
            endpoint = place;
            Map<String, String> values = place.values();
            Map<String, String> environment = environment(values);
            HookRow row = settings.listener().reached(HookPoint.CONTEXT_START, environment, values);
            hooks = row;
            if (decided.get()) { // given up before the row was there to be seen
                row.giveUp();
            }
            var unused = row.outcome()
                    .whenComplete((outcome, failure) -> hooking.end())
                    .thenAcceptAsync(outcome -> hooked(outcome, environment, place), tools.executor())
                    .exceptionally(this::failUnexpectedly);
        } catch (IllegalArgumentException | StartFailedException e) {
            hooking.end();
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void hooked(HookOutcome outcome, Map<String, String> environment, Endpoint place) {
        if (!outcome.succeeded()) {
            fail(outcome.reason());
        } else if (launching.begin()) {
            launch(environment, place);
        }
    }

    private void launch(Map<String, String> environment, Endpoint place) {
        try {
            RunningProcess started = tools.launcher().launch(settings.spec(place.values(), environment));
            process = started;
            launching.end();
            var unused = started.exit()
                    .thenAccept(outcome -> fail("ended during its start: " + ProcessInstance.describe(outcome)));
            deadline = System.nanoTime() + policy().readyTimeout().toNanos();
            ask(new ProcessInstance(started, place, environment, settings, tools));
        } catch (LaunchException | IllegalArgumentException e) {
            launching.end();
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void ask(ProcessInstance candidate) {
        if (decided.get()) {
            return;
        }
        Duration rest = Duration.ofNanos(deadline - System.nanoTime());
        if (rest.isNegative() || rest.isZero()) {
            fail(tooLate(candidate));
            return;
        }
        Duration half = rest.dividedBy(2);
        Duration patience = half.compareTo(SHORTEST_PROBE) > 0 ? half : min(rest, SHORTEST_PROBE);
        var unused = tools.probe()
                .probe(candidate.origin(), policy().readyPath(), patience)
                .handleAsync(
                        (status, failure) -> {
                            lastAnswer = ProbeResult.describe(status, failure, patience);
                            answered(candidate, status);
                            return candidate;
                        },
                        tools.executor())
                .exceptionally(failure -> {
                    failUnexpectedly(failure);
                    return candidate;
                });
    }

    private void answered(ProcessInstance candidate, @Nullable Integer status) {
        if (status != null && ready(status)) {
            if (candidate.listener() == ListenerOwner.STRANGER) {
                fail(candidate.describeEndpoint()
                        + " was taken by another program; its next start will use another port");
            } else if (decided.compareAndSet(false, true)) {
                candidate.watchListeners();
                result.complete(candidate);
                var unused = settings.listener()
                        .reached(HookPoint.CONTEXT_READY, candidate.environment(), candidate.values());
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
        int wanted = policy().readyStatus();
        return switch (wanted) {
            case 0 -> status < SERVER_ERROR;
            case LifecyclePolicy.ANY_STATUS -> true;
            default -> status == wanted;
        };
    }

    /** Ends what was begun, then tells. Only the first reason counts, and none once it was ready. */
    private void fail(String reason) {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        hooking.callOff();
        launching.callOff();
        HookRow row = hooks;
        if (row != null) {
            row.giveUp();
        }
        var unused = CompletableFuture.allOf(hooking.over(), launching.over())
                .thenCompose(over -> terminate())
                .thenCompose(gone -> settings.listener().startFailed())
                .thenRun(() -> {
                    release();
                    result.completeExceptionally(new StartFailedException(reason));
                });
    }

    private CompletableFuture<Void> terminate() {
        RunningProcess started = process;
        return started == null
                ? CompletableFuture.completedFuture(null)
                : started.terminate(min(GRACE, policy().stopTimeout()));
    }

    private void release() {
        Endpoint taken = endpoint;
        if (taken != null) {
            taken.release();
        }
    }

    private @Nullable Void failUnexpectedly(Throwable failure) {
        launching.end();
        LOG.warn("The start of {} failed in an unexpected way", settings.name(), failure);
        fail(failure.toString());
        return null;
    }

    private String tooLate(ProcessInstance candidate) {
        return "did not answer on " + candidate.describeEndpoint() + " within " + Spans.text(policy().readyTimeout())
                + " (GET "
                + policy().readyPath() + "): last result: " + lastAnswer
                + "; " + candidate.advice();
    }

    private Map<String, String> environment(Map<String, String> values) {
        Map<String, String> own = new HashMap<>();
        settings.environment().forEach((name, value) -> own.put(name, value.expand(values)));
        return ProcessEnvironment.of(settings.process(), own);
    }

    private LifecyclePolicy policy() {
        return settings.policy();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
