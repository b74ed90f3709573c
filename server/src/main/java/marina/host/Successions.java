package marina.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.Isolation;
import marina.context.Failures;
import marina.context.MountedContext;
import org.jspecify.annotations.Nullable;

/**
 * Contexts on their way to the place of those before them, at a change of configuration as at a restart. The successor
 * starts beside the one before it, some at a time, and takes over when it is ready; when one of the two must run alone, it takes over at
 * once, and its requests wait until the other has gone and it is ready. Begun by one thread at a time; thread-safe else.
 */
final class Successions {
    private final Mounts mounts;
    private final Turns turns = Turns.byProcessors();
    private final Function<ContextConfig, MountedContext> factory;
    private final Map<ContextPath, Succession> underWay = new ConcurrentHashMap<>();

    /** What did not start, where the one before had to stop for it: another try would interrupt it again. */
    private final Map<ContextPath, ContextConfig> failedAlone = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * None under way.
     *
     * @param factory makes the context of before anew, when it had to go and its successor does not start
     */
    Successions(Mounts mounts, Function<ContextConfig, MountedContext> factory) {
        this.mounts = mounts;
        this.factory = factory;
    }

    /**
     * Puts a context in the place of the one that is mounted at its path, with as many instances as run there; a
     * succession that is under way gives way.
     *
     * @return completes with what went wrong, or empty; for the one that gave way too, if it was for the same
     */
    CompletableFuture<Optional<String>> begin(MountedContext current, MountedContext successor) {
        Succession before = underWay.remove(successor.path());
        boolean rolling = mayRunBesideAnother(current) && mayRunBesideAnother(successor);
        ContextConfig fallback = before == null ? current.config() : before.fallback.withRulesOf(successor.config());
        CompletableFuture<Optional<String>> step = new CompletableFuture<>();
        Succession next = new Succession(current, successor, rolling, fallback, step, new AtomicReference<>());
        failedAlone.remove(successor.path());
        underWay.put(successor.path(), next);
        if (before != null) {
            giveWay(before, next);
        }
        int instances = current.status().runningInstances();
        if (!rolling) {
            mounts.succeed(current, successor, Host.DRAIN);
        }
        var unused = (rolling ? turns.run(() -> next.start(instances), next.limit()) : next.start(instances))
                .whenComplete((done, failure) -> ended(next, instances, failure));
        if (closed) {
            supersede(Map.of(), Set.of());
        }
        return next.step;
    }

    /** Whether a successor of just this configuration is on its way. */
    boolean isUnderWay(ContextConfig wanted) {
        return stepOf(wanted).isPresent();
    }

    /** What {@link #begin} gave for just this configuration, while it is on its way. */
    Optional<CompletableFuture<Optional<String>>> stepOf(ContextConfig wanted) {
        return Optional.ofNullable(underWay.get(wanted.path()))
                .filter(succession -> succession.successor.config().equals(wanted))
                .map(Succession::step);
    }

    /**
     * The end of the start that a configuration has to let end: a WAR that starts in this JVM cannot be broken off, so
     * that deployments in quick succession would start many of them beside each other, and none would ever serve.
     */
    Optional<CompletableFuture<Void>> toBeAwaitedBy(ContextConfig wanted) {
        return Optional.ofNullable(underWay.get(wanted.path()))
                .filter(succession -> succession.successor.config().content() instanceof Content.War war
                        && war.isolation() != Isolation.PROCESS)
                .filter(succession -> !succession.successor.config().equals(wanted))
                .map(succession -> succession.end.get())
                .filter(end -> !end.isDone());
    }

    /** Whether just this configuration has failed, and the one before it came back. */
    boolean hasFailed(ContextConfig wanted) {
        return wanted.equals(failedAlone.get(wanted.path()));
    }

    /**
     * Whether another context may be mounted around what runs at a path: not around one that has taken over before it was
     * ready, whose end is waited for.
     */
    boolean mayBeMountedAround(ContextPath path) {
        Succession succession = underWay.get(path);
        return succession == null || succession.rolling;
    }

    /** Whether a successor is on its way. */
    boolean isUnderWay(ContextPath path) {
        return underWay.containsKey(path);
    }

    /** What a restart is a restart of: the configuration that is on its way, or has failed, or is mounted. */
    ContextConfig latest(MountedContext current) {
        Succession succession = underWay.get(current.path());
        ContextConfig failed = failedAlone.getOrDefault(current.path(), current.config());
        return succession == null ? failed : succession.successor.config();
    }

    /**
     * Gives up the successors that nobody wants any more; those that are mounted already are left to who mounts another.
     *
     * @param waiting what waits for the end of the succession at its path
     * @return the steps of those that go on and are wanted
     */
    List<CompletableFuture<Optional<String>>> supersede(
            Map<ContextPath, ContextConfig> wanted, Set<ContextConfig> waiting) {
        failedAlone.entrySet().removeIf(failed -> !failed.getValue().equals(wanted.get(failed.getKey())));
        List<CompletableFuture<Optional<String>>> goingOn = new ArrayList<>();
        for (Succession succession : List.copyOf(underWay.values())) {
            ContextConfig one = wanted.get(succession.successor.path());
            if (succession.successor.config().equals(one)) {
                goingOn.add(succession.step);
            } else if ((one == null || (succession.rolling && !waiting.contains(one)))
                    && underWay.remove(succession.successor.path(), succession)) {
                mounts.retire(succession.successor);
                succession.step.complete(Optional.of(superseded(succession.successor.config())));
            }
        }
        return goingOn;
    }

    /** Gives up all of them, and all that are begun later. */
    void close() {
        closed = true;
        supersede(Map.of(), Set.of());
    }

    /** What a reload says of a configuration that {@link #hasFailed}. */
    static CompletableFuture<Optional<String>> notTriedAgain(ContextConfig failed) {
        return CompletableFuture.completedFuture(Optional.of(failed.source() + ": context " + failed.path()
                + " did not start with this configuration and is not interrupted for it again; change it, or try it with"
                + " marina.sh restart " + failed.path()));
    }

    /** The reason why a context did not start, for the operator. */
    static String describe(ContextConfig context, Throwable failure) {
        return context.source() + ": context " + context.path() + " did not start: " + Failures.reason(failure);
    }

    private void giveWay(Succession before, Succession next) {
        if (before.rolling) {
            mounts.retire(before.successor);
        }
        if (before.successor.config().equals(next.successor.config())) {
            var unused = next.step.thenAccept(before.step::complete);
        } else {
            before.step.complete(Optional.of(superseded(before.successor.config())));
        }
    }

    private void ended(Succession over, int instances, @Nullable Throwable failure) {
        MountedContext successor = over.successor;
        if (!underWay.remove(successor.path(), over)) {
            return; // it gave way; who took its place has seen to it
        }
        if (!over.rolling) {
            endedAlone(over, instances, failure);
        } else if (failure == null && mounts.succeed(over.current, successor, Mounts.DRAIN)) {
            over.step.complete(Optional.empty());
        } else {
            mounts.retire(successor);
            String reason = failure == null ? superseded(successor.config()) : describe(successor.config(), failure);
            over.step.complete(Optional.of(reason + "; the context before it goes on serving"));
        }
    }

    /** The one before it is gone; after a failed change of configuration it is made and started anew. */
    private void endedAlone(Succession over, int instances, @Nullable Throwable failure) {
        if (failure == null) {
            over.step.complete(Optional.empty());
            return;
        }
        String reason = describe(over.successor.config(), failure);
        if (closed || over.fallback.equals(over.successor.config())) {
            over.step.complete(Optional.of(reason));
            return;
        }
        failedAlone.put(over.successor.path(), over.successor.config());
        MountedContext again = factory.apply(over.fallback);
        if (mounts.succeed(over.successor, again, Host.DRAIN)) {
            var unused = again.start(instances)
                    .whenComplete((done, failedAgain) -> over.step.complete(Optional.of(reason
                            + (failedAgain == null
                                    ? "; the context before it was started again"
                                    : "; the context before it did not start again: "
                                            + Failures.reason(failedAgain)))));
        } else {
            mounts.retire(again);
            over.step.complete(Optional.of(superseded(over.successor.config())));
        }
    }

    private static boolean mayRunBesideAnother(MountedContext context) {
        return context.config().lifecycle().rollingRestart();
    }

    /** What is said of a configuration that another one has taken the place of. */
    static String superseded(ContextConfig config) {
        return config.source() + ": context " + config.path() + " was superseded while it started";
    }

    /**
     * A context that takes the place of another.
     *
     * @param current what is mounted when it begins
     * @param rolling whether it takes over when it is ready; else it has done so already
     * @param fallback the configuration that served before, to return to when this one fails
     * @param step completes with what went wrong, or empty
     * @param end set when the start begins; completes with the step, or when the start takes longer than it may
     */
    private record Succession(
            MountedContext current,
            MountedContext successor,
            boolean rolling,
            ContextConfig fallback,
            CompletableFuture<Optional<String>> step,
            AtomicReference<@Nullable CompletableFuture<Void>> end) {

        Duration limit() {
            return successor.config().lifecycle().readyTimeout();
        }

        CompletableFuture<Void> start(int instances) {
            Duration limit = limit();
            end.set(step.<Void>thenApply(done -> null)
                    .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS));
            return successor.start(instances);
        }
    }

    /** Why a start failed, when it is over; empty when it did not. */
    static CompletableFuture<Optional<String>> report(MountedContext context, CompletableFuture<Void> start) {
        return start.handle((done, failure) ->
                failure == null ? Optional.empty() : Optional.of(describe(context.config(), failure)));
    }
}
