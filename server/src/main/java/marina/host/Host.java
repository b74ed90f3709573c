package marina.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import marina.backend.BackendState;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.ServerConfig;
import marina.context.ContextFactory;
import marina.context.Failures;
import marina.context.MountedContext;
import marina.context.StatusPages;
import marina.valve.PublicFiles;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live set of contexts. Requests read an immutable table through one volatile field; only the thread that reloads,
 * and successors that become ready, replace it. Thread-safe.
 */
public final class Host {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    private final ContextFactory factory;
    private final StatusPages pages;
    private final Mounts mounts;
    private final Map<ContextPath, Succession> successions = new ConcurrentHashMap<>();
    private volatile ServerConfig config;
    private volatile PublicFiles publicFiles;
    private volatile boolean stopping;

    /** A host without contexts that will have those of this configuration when it is started. */
    public Host(ServerConfig config, ContextFactory factory, StatusPages pages, HostListener listener) {
        this.config = config;
        this.factory = factory;
        this.pages = pages;
        this.mounts = new Mounts(listener, factory::forget);
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

    /** Answers a request: from the public files, from the context of its path, or 404. */
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            return publicFiles.handle(request, response, callback, this::fromContext);
        } catch (Exception e) {
            Response.writeError(request, response, callback, e); // logs it too
            return true;
        }
    }

    private boolean fromContext(Request request, Response response, Callback callback) {
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
                pages.unavailable(Duration.ofSeconds(1), request, response, callback); // the server is stopping
                return true;
            }
            if (context.handle(request, response, callback)) {
                return true;
            }
            seen = current; // it was retired after we looked, so a newer table has its successor
        }
    }

    /**
     * Goes over to another configuration: contexts that did not change are not touched; a changed one that runs is
     * replaced when its successor is ready; one whose successor fails goes on as it was. A newer call supersedes
     * successors that are still starting. Called by one thread at a time.
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
        List<MountedContext> changed = createAll(
                plan.changed().stream().filter(config -> !isStarting(config)).toList());
        LOG.info("Reload: {}", plan);
        ServerConfig before = config;
        this.config = next;
        if (!next.access().equals(before.access()) || !next.basePath().equals(before.basePath())) {
            publicFiles = factory.publicFiles(next);
        }
        List<CompletableFuture<Optional<String>>> steps = new ArrayList<>(supersede(next.contexts()));
        List<MountedContext> atOnce = new ArrayList<>(added);
        for (MountedContext successor : changed) {
            if (isKept(successor) || isRunning(successor.path())) {
                steps.add(replaceWhenReady(successor));
            } else {
                atOnce.add(successor);
            }
        }
        mounts.swap(atOnce, plan.removed());
        added.stream().filter(Host::isKept).forEach(context -> steps.add(report(context, context.start())));
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new)).thenApply(done -> outcome(plan, steps));
    }

    /** Retires all contexts at once, each with the time that it needs to drain, up to the limit, and to stop. */
    public CompletableFuture<Void> stop(Duration drain) {
        stopping = true;
        supersede(Map.of());
        return mounts.stop(drain);
    }

    /** All or none: what was made goes again when one cannot be made. */
    private List<MountedContext> createAll(List<ContextConfig> configs) {
        List<MountedContext> created = new ArrayList<>();
        try {
            configs.forEach(contextConfig -> created.add(factory.create(contextConfig, this::fromContext)));
            return created;
        } catch (RuntimeException e) {
            created.forEach(mounts::retire);
            throw e;
        }
    }

    private CompletableFuture<Optional<String>> replaceWhenReady(MountedContext successor) {
        Succession succession = new Succession(successor, new CompletableFuture<>());
        successions.put(successor.path(), succession);
        var unused = successor.start().whenComplete((done, failure) -> {
            boolean current = successions.remove(successor.path(), succession);
            if (current && failure == null) {
                mounts.swap(List.of(successor), List.of());
                succession.step.complete(Optional.empty());
                return;
            }
            mounts.retire(successor);
            String reason = failure == null || !current ? superseded(successor) : describe(successor, failure);
            succession.step.complete(Optional.of(reason + "; the context before it goes on serving"));
        });
        return succession.step;
    }

    /** Whether a successor of just this configuration is on its way. */
    private boolean isStarting(ContextConfig wanted) {
        Succession succession = successions.get(wanted.path());
        return succession != null && succession.successor.config().equals(wanted);
    }

    /**
     * Gives up the successors that nobody wants any more.
     *
     * @return the steps of those that go on
     */
    private List<CompletableFuture<Optional<String>>> supersede(Map<ContextPath, ContextConfig> wanted) {
        List<CompletableFuture<Optional<String>>> goingOn = new ArrayList<>();
        for (Succession succession : List.copyOf(successions.values())) {
            MountedContext successor = succession.successor;
            if (successor.config().equals(wanted.get(successor.path()))) {
                goingOn.add(succession.step);
            } else if (successions.remove(successor.path(), succession)) {
                mounts.retire(successor);
            }
        }
        return goingOn;
    }

    /**
     * A context that takes the place of another when it is ready.
     *
     * @param step completes with what went wrong, or empty
     */
    private record Succession(MountedContext successor, CompletableFuture<Optional<String>> step) {}

    private static CompletableFuture<Optional<String>> report(MountedContext context, CompletableFuture<Void> start) {
        return start.handle(
                (done, failure) -> failure == null ? Optional.empty() : Optional.of(describe(context, failure)));
    }

    private static String superseded(MountedContext context) {
        return context.config().source() + ": context " + context.path() + " was superseded while it started";
    }

    private static String describe(MountedContext context, Throwable failure) {
        return context.config().source() + ": context " + context.path() + " did not start: "
                + Failures.reason(failure);
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

    private boolean isRunning(ContextPath path) {
        @Nullable
        BackendState state =
                context(path).map(context -> context.status().backend().state()).orElse(null);
        return state == BackendState.READY || state == BackendState.STARTING;
    }

    private static boolean isKept(MountedContext context) {
        return context.config().lifecycle().minInstances() > 0;
    }
}
