package marina.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.backend.BackendState;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.ServerConfig;
import marina.context.ContextFactory;
import marina.context.MountedContext;
import marina.context.StatusPages;
import marina.valve.PublicFiles;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live set of contexts. Requests read an immutable table through one volatile field; only the thread that reloads,
 * and successors that become ready, replace it. Thread-safe.
 */
public final class Host {
    /** How long requests in flight may go on when an operator stops what answers them. */
    public static final Duration DRAIN = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    private final ContextFactory factory;
    private final Residence residence;
    private final ContextMaker maker = new Maker();
    private final Mounts mounts;
    private final Successions successions;
    private final OlderVersions older;
    private final Dispatch dispatch;
    private volatile ServerConfig config;
    private volatile PublicFiles publicFiles;
    private volatile boolean stopping;

    /** A host without contexts yet, which runs those that live here before anybody asks if they are to be kept running. */
    public Host(
            ServerConfig config,
            ContextFactory factory,
            StatusPages pages,
            HostListener listener,
            Predicate<ContextConfig> livesHere) {
        this.residence = new Residence(livesHere);
        this.config = config;
        this.factory = factory;
        this.mounts = new Mounts(listener, factory::forget, this::keepFiles);
        this.older = new OlderVersions(mounts, maker, listener);
        this.dispatch = new Dispatch(mounts, older.table(), pages);
        mounts.bequeathTo(older);
        this.successions = new Successions(mounts, maker::create);
        this.publicFiles = factory.publicFiles(config);
    }

    /** The configuration that runs. */
    public ServerConfig config() {
        return config;
    }

    /** All mounted contexts, by path. */
    public Collection<MountedContext> contexts() {
        return mounts.all();
    }

    /** The versions of WARs that are mounted for the sessions that they have, beside those of {@link #contexts}. */
    public Collection<MountedContext> olderVersions() {
        return older.all();
    }

    /** The context that is mounted at exactly this path; of an older version with that behind it: {@code /shop##1}. */
    public Optional<MountedContext> context(ContextPath path) {
        return mounts.at(path).or(() -> older.named(path.value()));
    }

    /** The context that answers requests for this canonical path. */
    public Optional<MountedContext> contextFor(String path) {
        return Optional.ofNullable(mounts.table().find(path));
    }

    /** Mounts all contexts; none is started yet. */
    public void mount() {
        mounts.swap(createAll(List.copyOf(config.contexts().values())), List.of());
        older.expect(config.olderVersions());
        var unused = older.apply(); // nothing of them runs yet
        keepFiles();
    }

    /** Looks now and then whether older versions of WARs still have sessions. */
    public void watchVersions(ScheduledExecutorService scheduler, Executor executor) {
        older.watch(scheduler, executor);
    }

    /** Begins to start the contexts with {@code min_instances}; the others wait to be asked for. */
    public void start() {
        for (MountedContext context : contexts()) {
            if (residence.keeps(context)) {
                var unused = context.start(); // its backend reports a failure
            }
        }
    }

    /** The files that come before all contexts. */
    public PublicFiles publicFiles() {
        return publicFiles;
    }

    /** Whether GET of a path is answered by a public file, of the server or of its context. May ask the disk. */
    public boolean servesFile(String canonicalPath) {
        return publicFiles.serves(canonicalPath)
                || contextFor(canonicalPath)
                        .filter(context -> context.servesFile(canonicalPath))
                        .isPresent();
    }

    /** Answers a request: from the context of its path, in the version whose session it has; or 404. */
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return dispatch.handle(request, response, callback);
    }

    /**
     * Goes over to another configuration: contexts that did not change are not touched; what stands before an application
     * is exchanged at once; one that changes itself and runs is replaced when its successor is ready; one whose successor
     * fails goes on as it was, behind the new rules. A newer call supersedes successors that are still starting. Called by
     * one thread at a time.
     *
     * @return completes when all successors are ready or have failed
     */
    CompletableFuture<ReloadOutcome> apply(ServerConfig next) {
        if (stopping) {
            return CompletableFuture.completedFuture(new ReloadOutcome(false, List.of("the server is stopping")));
        }
        Map<ContextPath, ContextConfig> mounted =
                contexts().stream().collect(Collectors.toMap(MountedContext::path, MountedContext::config));
        ReloadPlan plan = ReloadPlan.between(config, mounted, next);
        Archives archives = new Archives();
        List<MountedContext> added = createAll(archives.readable(plan.added()));
        Map<MountedContext, MountedContext> around = createAround(plan.changed());
        List<MountedContext> changed =
                new ArrayList<>(createAll(archives.readable(others(plan.changed(), around.values()))));
        LOG.info("Reload: {}", plan);
        ServerConfig before = config;
        this.config = next;
        older.expect(next.olderVersions());
        factory.limit(next.limits());
        if (!next.access().equals(before.access()) || !next.basePath().equals(before.basePath())) {
            publicFiles = factory.publicFiles(next);
        }
        List<CompletableFuture<Optional<String>>> steps = new ArrayList<>(successions.supersede(next.contexts()));
        mounts.exchange(around).stream()
                .map(late -> next.contexts().get(late.path()))
                .filter(late -> changed.stream().noneMatch(one -> one.config().equals(late)))
                .forEach(late -> changed.add(create(late)));
        plan.changed().stream()
                .filter(successions::hasFailed)
                .map(Successions::notTriedAgain)
                .forEach(steps::add);
        steps.addAll(archives.failures(plan));
        List<MountedContext> atOnce = new ArrayList<>(added);
        changed.forEach(successor -> begin(successor).ifPresentOrElse(steps::add, () -> atOnce.add(successor)));
        mounts.swap(atOnce, plan.removed());
        steps.addAll(older.apply());
        keepFiles();
        around.entrySet().stream()
                .filter(rules -> !residence.keeps(rules.getKey())) // it has moved here
                .forEach(rules -> added.add(rules.getValue()));
        residence.sendAway(around, DRAIN);
        added.stream()
                .filter(residence::keeps)
                .forEach(context -> steps.add(Successions.report(context, context.start())));
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new))
                .thenApply(done -> ReloadOutcome.of(plan, steps));
    }

    /**
     * Has a fresh instance of a context take over from the running one, with as many instances as run; one that does not
     * run, or cannot, is started. When the fresh one fails, the running one goes on, unless the two must not run side by
     * side. A restart while a successor starts replaces that. Called by the thread that applies configurations.
     *
     * @return completes when it is ready or has failed
     */
    CompletableFuture<ReloadOutcome> restart(ContextPath path) {
        Optional<MountedContext> mounted = context(path);
        if (stopping || mounted.isEmpty()) {
            String reason = stopping ? "the server is stopping" : "no context is mounted there";
            return CompletableFuture.completedFuture(ReloadOutcome.ofRestart(path, Optional.of(reason)));
        }
        MountedContext current = mounted.get();
        if (older.all().contains(current)) {
            return older.restart(current).thenApply(failure -> ReloadOutcome.ofRestart(path, failure));
        }
        ContextConfig latest = successions.latest(current);
        boolean replaced = successions.isUnderWay(path) || isRunning(current) || !latest.equals(current.config());
        CompletableFuture<Optional<String>> step = replaced
                ? successions.begin(current, maker.create(latest))
                : Successions.report(current, current.start());
        return step.thenApply(failure -> ReloadOutcome.ofRestart(path, failure));
    }

    /** Retires all contexts at once, each with the time that it needs to drain, up to the limit, and to stop. */
    public CompletableFuture<Void> stop(Duration drain) {
        stopping = true;
        successions.close();
        return CompletableFuture.allOf(mounts.stop(drain), older.stop(drain));
    }

    /** An older version that is the highest one now goes on. */
    private MountedContext create(ContextConfig wanted) {
        return older.takeBack(wanted).orElseGet(() -> maker.create(wanted));
    }

    /** Those of contexts that have been replaced or removed go. */
    private void keepFiles() {
        factory.keepFilesOf(
                Stream.concat(contexts().stream(), older.all().stream()).map(MountedContext::config));
    }

    /** All or none: what was made goes again when one cannot be made. */
    private List<MountedContext> createAll(List<ContextConfig> configs) {
        List<MountedContext> created = new ArrayList<>();
        try {
            configs.forEach(contextConfig -> created.add(create(contextConfig)));
            return created;
        } catch (RuntimeException e) {
            created.forEach(mounts::retire);
            throw e;
        }
    }

    /** Empty where nothing runs that would have to go on until the successor is ready, and for what lives elsewhere now. */
    private Optional<CompletableFuture<Optional<String>>> begin(MountedContext successor) {
        return mounts.at(successor.path())
                .filter(current -> residence.has(successor) && (residence.keeps(successor) || isRunning(current)))
                .map(current -> successions.begin(current, successor));
    }

    /** What runs, behind other rules; by what is mounted now. */
    private Map<MountedContext, MountedContext> createAround(List<ContextConfig> configs) {
        Map<MountedContext, MountedContext> around = new LinkedHashMap<>();
        for (ContextConfig config : configs) {
            Optional<MountedContext> current = mounts.at(config.path())
                    .filter(mounted ->
                            successions.mayBeMountedAround(config.path()) && !successions.isUnderWay(config));
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

    private final class Maker implements ContextMaker {
        @Override
        public MountedContext create(ContextConfig wanted) {
            return factory.create(wanted, Host.this::handle);
        }

        @Override
        public Optional<MountedContext> createAround(MountedContext current, ContextConfig wanted) {
            return factory.createAround(current, wanted, Host.this::handle);
        }
    }
}
