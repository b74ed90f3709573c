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
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
    private final Predicate<ContextConfig> livesHere;
    private final StatusPages pages;
    private final Mounts mounts;
    private final Successions successions;
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
        this.livesHere = livesHere;
        this.config = config;
        this.factory = factory;
        this.pages = pages;
        this.mounts = new Mounts(listener, factory::forget);
        this.successions = new Successions(mounts, contextConfig -> factory.create(contextConfig, this::handle));
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

    /** The context that is mounted at exactly this path. */
    public Optional<MountedContext> context(ContextPath path) {
        return mounts.at(path);
    }

    /** The context that answers requests for this canonical path. */
    public Optional<MountedContext> contextFor(String path) {
        return Optional.ofNullable(mounts.table().find(path));
    }

    /** Mounts all contexts; none is started yet. */
    public void mount() {
        mounts.swap(createAll(List.copyOf(config.contexts().values())), List.of());
    }

    /** Begins to start the contexts with {@code min_instances}; the others wait to be asked for. */
    public void start() {
        for (MountedContext context : contexts()) {
            if (isKept(context)) {
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

    /** Answers a request: from the context of its path, or 404. */
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        MountTable<MountedContext> seen = null;
        while (true) {
            MountTable<MountedContext> current = mounts.table();
            MountedContext context = path == null ? null : current.find(path);
            if (context == null) {
                pages.notFound(request, response, callback);
                return true;
            }
            if (current == seen) {
                pages.stopping(request, response, callback);
                return true;
            }
            if (context.handle(request, response, callback)) {
                return true;
            }
            seen = current; // it was retired after we looked, so a newer table has its successor
        }
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
        List<MountedContext> added = createAll(plan.added());
        Map<MountedContext, MountedContext> around = createAround(plan.changed());
        List<MountedContext> changed = new ArrayList<>(createAll(others(plan.changed(), around.values())));
        LOG.info("Reload: {}", plan);
        ServerConfig before = config;
        this.config = next;
        factory.limit(next.limits());
        if (!next.access().equals(before.access()) || !next.basePath().equals(before.basePath())) {
            publicFiles = factory.publicFiles(next);
        }
        List<CompletableFuture<Optional<String>>> steps = new ArrayList<>(successions.supersede(next.contexts()));
        mounts.exchange(around).stream()
                .map(late -> next.contexts().get(late.path()))
                .filter(late -> changed.stream().noneMatch(one -> one.config().equals(late)))
                .forEach(late -> changed.add(factory.create(late, this::handle)));
        plan.changed().stream()
                .filter(successions::hasFailed)
                .map(Host::notTriedAgain)
                .forEach(steps::add);
        List<MountedContext> atOnce = new ArrayList<>(added);
        changed.forEach(successor -> begin(successor).ifPresentOrElse(steps::add, () -> atOnce.add(successor)));
        mounts.swap(atOnce, plan.removed());
        around.entrySet().stream()
                .filter(rules -> !isKept(rules.getKey())) // it has moved here
                .forEach(rules -> added.add(rules.getValue()));
        added.stream().filter(this::isKept).forEach(context -> steps.add(report(context, context.start())));
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new)).thenApply(done -> outcome(plan, steps));
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
            return CompletableFuture.completedFuture(restarted(path, Optional.of(reason)));
        }
        MountedContext current = mounted.get();
        ContextConfig latest = successions.latest(current);
        boolean replaced = successions.isUnderWay(path) || isRunning(current) || !latest.equals(current.config());
        CompletableFuture<Optional<String>> step = replaced
                ? successions.begin(current, factory.create(latest, this::handle))
                : report(current, current.start());
        return step.thenApply(failure -> restarted(path, failure));
    }

    private static CompletableFuture<Optional<String>> notTriedAgain(ContextConfig failed) {
        return CompletableFuture.completedFuture(Optional.of(failed.source() + ": context " + failed.path()
                + " did not start with this configuration and is not interrupted for it again; change it, or try it with"
                + " marina.sh restart " + failed.path()));
    }

    private static ReloadOutcome restarted(ContextPath path, Optional<String> failure) {
        return new ReloadOutcome(
                failure.isEmpty(),
                List.of(failure.map(reason -> path + ": restart failed: " + reason)
                        .orElse(path + ": restart done")));
    }

    /** Retires all contexts at once, each with the time that it needs to drain, up to the limit, and to stop. */
    public CompletableFuture<Void> stop(Duration drain) {
        stopping = true;
        successions.close();
        return mounts.stop(drain);
    }

    /** All or none: what was made goes again when one cannot be made. */
    private List<MountedContext> createAll(List<ContextConfig> configs) {
        List<MountedContext> created = new ArrayList<>();
        try {
            configs.forEach(contextConfig -> created.add(factory.create(contextConfig, this::handle)));
            return created;
        } catch (RuntimeException e) {
            created.forEach(mounts::retire);
            throw e;
        }
    }

    /** Empty where nothing runs that would have to go on until the successor is ready. */
    private Optional<CompletableFuture<Optional<String>>> begin(MountedContext successor) {
        return mounts.at(successor.path())
                .filter(current -> isKept(successor) || isRunning(current))
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
                    .flatMap(rules -> factory.createAround(current.get(), rules, this::handle))
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

    private static CompletableFuture<Optional<String>> report(MountedContext context, CompletableFuture<Void> start) {
        return start.handle((done, failure) ->
                failure == null ? Optional.empty() : Optional.of(Successions.describe(context, failure)));
    }

    private static ReloadOutcome outcome(ReloadPlan plan, List<CompletableFuture<Optional<String>>> steps) {
        List<String> messages = new ArrayList<>();
        messages.add("Reloaded: " + plan);
        if (!plan.needRestart().isEmpty()) {
            messages.add("A restart is needed for the change of: " + String.join(", ", plan.needRestart()));
        }
        List<String> failures = steps.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
        failures.forEach(LOG::error);
        messages.addAll(failures);
        return new ReloadOutcome(failures.isEmpty(), messages);
    }

    private static boolean isRunning(MountedContext context) {
        BackendState state = context.status().backend().state();
        return state == BackendState.READY || state == BackendState.STARTING;
    }

    private boolean isKept(MountedContext context) {
        return context.config().lifecycle().minInstances() > 0 && livesHere.test(context.config());
    }
}
