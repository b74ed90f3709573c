package marina.host;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import marina.backend.BackendState;
import marina.config.ContextConfig;
import marina.config.ServerConfig;
import marina.context.MountedContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from one configuration to the next, and from a context to a fresh one of it. Called by one thread at a time;
 * what has to wait goes on there.
 */
final class Changeover {
    private static final Logger LOG = LoggerFactory.getLogger(Changeover.class);

    private final Mounts mounts;
    private final Successions successions;
    private final OlderVersions older;
    private final ContextMaker maker;
    private final Residence residence;
    private volatile ServerConfig wanted;
    private volatile boolean closed;

    /**
     * Nothing under way.
     *
     * @param first what is mounted at the start
     * @param livesHere whether a context that is to be kept running is to be kept running by this machine
     */
    Changeover(
            ServerConfig first,
            Mounts mounts,
            OlderVersions older,
            ContextMaker maker,
            Predicate<ContextConfig> livesHere) {
        this.wanted = first;
        this.mounts = mounts;
        this.successions = new Successions(mounts, maker::create);
        this.older = older;
        this.maker = maker;
        this.residence = new Residence(livesHere);
    }

    /**
     * What a configuration needs; nothing of it is mounted or started.
     *
     * @param around what stands in the places of those that are mounted, with their applications
     * @param changed with an application of its own
     * @param later what has to wait for a start that cannot be broken off, with the end of that
     */
    record Draft(
            ServerConfig next,
            ReloadPlan plan,
            Archives archives,
            List<MountedContext> added,
            Map<MountedContext, MountedContext> around,
            List<MountedContext> changed,
            Map<ContextConfig, CompletableFuture<Void>> later) {}

    /** Makes what the way to a configuration needs: all or nothing. */
    Draft draft(ServerConfig before, ServerConfig next) {
        ReloadPlan plan = ReloadPlan.between(before, mounts.configs(), next);
        Archives archives = new Archives();
        List<MountedContext> added = createAll(archives.readable(plan.added()));
        Map<MountedContext, MountedContext> around = createAround(plan.changed());
        List<ContextConfig> others = archives.readable(others(plan.changed(), around.values()));
        Map<ContextConfig, CompletableFuture<Void>> later = new LinkedHashMap<>();
        others.stream()
                .filter(config -> !older.has(config))
                .forEach(config -> successions.toBeAwaitedBy(config).ifPresent(end -> later.put(config, end)));
        List<MountedContext> changed = createAll(
                others.stream().filter(config -> !later.containsKey(config)).toList());
        LOG.info("Reload: {}", plan);
        return new Draft(next, plan, archives, added, around, new ArrayList<>(changed), later);
    }

    /**
     * Goes the way.
     *
     * @param serially where what has to wait goes on; it must run what it is given
     * @return completes when all successors are ready or have failed
     */
    CompletableFuture<ReloadOutcome> carryOut(Draft draft, Executor serially) {
        ServerConfig next = draft.next;
        wanted = next;
        List<CompletableFuture<Optional<String>>> earlier =
                successions.supersede(next.contexts(), draft.later.keySet());
        mounts.exchange(draft.around).stream()
                .map(late -> next.contexts().get(late.path()))
                .filter(late -> !draft.later.containsKey(late))
                .filter(late ->
                        draft.changed.stream().noneMatch(one -> one.config().equals(late)))
                .forEach(late -> draft.changed.add(create(late)));
        List<CompletableFuture<Optional<String>>> steps = new ArrayList<>();
        draft.plan.changed().stream()
                .filter(successions::hasFailed)
                .map(Successions::notTriedAgain)
                .forEach(steps::add);
        draft.later.forEach((config, end) -> steps.add(end.thenComposeAsync(done -> begin(config), serially)
                .exceptionally(failure -> Optional.of(Successions.describe(config, failure)))));
        steps.addAll(draft.archives.failures(draft.plan));
        List<MountedContext> atOnce = new ArrayList<>(draft.added);
        draft.changed.forEach(successor -> begin(successor).ifPresentOrElse(steps::add, () -> atOnce.add(successor)));
        mounts.swap(atOnce, draft.plan.removed());
        steps.addAll(older.apply());
        draft.around.entrySet().stream()
                .filter(rules -> !isKept(rules.getKey())) // it has moved here
                .filter(rules -> rules.getValue()
                        .config()
                        .equals(next.contexts().get(rules.getKey().path())))
                .forEach(rules -> draft.added.add(rules.getValue()));
        residence.sendAway(draft.around, Host.DRAIN);
        draft.added.stream()
                .filter(this::isKept)
                .forEach(context -> steps.add(Successions.report(context, context.start())));
        return ReloadOutcome.of(draft.plan, steps, earlier);
    }

    /** See {@link Host#restart}. */
    CompletableFuture<Optional<String>> restart(MountedContext current) {
        ContextConfig latest = successions.latest(current);
        boolean replaced =
                successions.isUnderWay(current.path()) || isRunning(current) || !latest.equals(current.config());
        return replaced
                ? successions.begin(current, maker.create(latest))
                : Successions.report(current, current.start());
    }

    /** All or none: what was made goes again when one cannot be made. */
    List<MountedContext> createAll(List<ContextConfig> configs) {
        List<MountedContext> created = new ArrayList<>();
        try {
            configs.forEach(contextConfig -> created.add(create(contextConfig)));
            return created;
        } catch (RuntimeException e) {
            created.forEach(mounts::retire);
            throw e;
        }
    }

    /** Whether it runs before anybody asks. */
    boolean isKept(MountedContext context) {
        return residence.keeps(context);
    }

    /** Gives up what is under way, and whatever is begun later. */
    void close() {
        closed = true;
        successions.close();
    }

    /** An older version that is the highest one now goes on. */
    private MountedContext create(ContextConfig wanted) {
        return older.takeBack(wanted).orElseGet(() -> maker.create(wanted));
    }

    /** Empty where nothing runs that would have to go on until the successor is ready, and for what lives elsewhere now. */
    private Optional<CompletableFuture<Optional<String>>> begin(MountedContext successor) {
        return mounts.at(successor.path())
                .filter(current -> residence.has(successor) && (isKept(successor) || isRunning(current)))
                .map(current -> successions.begin(current, successor));
    }

    /** What has waited for a start to end; unless it is not wanted any more, or somebody else has begun it. */
    private CompletableFuture<Optional<String>> begin(ContextConfig waited) {
        Optional<MountedContext> current = mounts.at(waited.path());
        boolean done = current.isPresent() && current.get().config().equals(waited);
        Optional<CompletableFuture<Optional<String>>> underWay = successions.stepOf(waited);
        if (done || underWay.isPresent()) {
            return underWay.orElse(CompletableFuture.completedFuture(Optional.empty()));
        }
        if (closed || current.isEmpty() || !waited.equals(wanted.contexts().get(waited.path()))) {
            return CompletableFuture.completedFuture(Optional.of(Successions.superseded(waited)));
        }
        Optional<MountedContext> rules = current.filter(
                        mounted -> mounted.config().hasApplicationOf(waited))
                .flatMap(mounted -> maker.createAround(mounted, waited));
        if (rules.isPresent()
                && mounts.exchange(Map.of(current.get(), rules.get())).isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        MountedContext successor = create(waited);
        return begin(successor).orElseGet(() -> {
            mounts.swap(List.of(successor), List.of());
            return CompletableFuture.completedFuture(Optional.empty());
        });
    }

    /** What runs, behind other rules; by what is mounted now. */
    private Map<MountedContext, MountedContext> createAround(List<ContextConfig> configs) {
        Map<MountedContext, MountedContext> around = new LinkedHashMap<>();
        for (ContextConfig config : configs) {
            Optional<MountedContext> current = mounts.at(config.path())
                    .filter(mounted -> successions.mayBeMountedAround(config.path())
                            && !successions.isUnderWay(config)
                            && successions.toBeAwaitedBy(config).isEmpty());
            current.map(mounted -> behindRulesOf(config, mounted))
                    .filter(rules -> !rules.equals(current.get().config()))
                    .flatMap(rules -> maker.createAround(current.get(), rules))
                    .ifPresent(successor -> around.put(current.get(), successor));
        }
        return around;
    }

    /** With the new one where it is the same application: it may stand in another place of the file. */
    private static ContextConfig behindRulesOf(ContextConfig config, MountedContext mounted) {
        return mounted.config().hasApplicationOf(config)
                ? config
                : mounted.config().withRulesOf(config);
    }

    /** Those for which something else has to run. */
    private List<ContextConfig> others(List<ContextConfig> changed, Collection<MountedContext> around) {
        Set<ContextConfig> done = around.stream().map(MountedContext::config).collect(Collectors.toSet());
        return changed.stream()
                .filter(config -> !done.contains(config))
                .filter(config -> !successions.isUnderWay(config) && !successions.hasFailed(config))
                .toList();
    }

    private static boolean isRunning(MountedContext context) {
        BackendState state = context.status().backend().state();
        return state == BackendState.READY || state == BackendState.STARTING;
    }
}
