package marina.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import marina.backend.BackendState;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.ServerConfig;
import marina.context.ContextFactory;
import marina.context.Failures;
import marina.context.MountedContext;
import marina.context.StatusPages;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live set of contexts. Requests read an immutable table through one volatile field; only the thread that
 * deploys or reloads replaces it. Thread-safe.
 */
public final class Host {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    /** How long a replaced or removed context may finish what it has begun. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    private final ContextFactory factory;
    private final StatusPages pages;
    private final HostListener listener;
    private volatile MountTable<MountedContext> table = new MountTable<>(Map.of());
    private volatile ServerConfig config;

    /** A host without contexts that will have those of this configuration when it is started. */
    public Host(ServerConfig config, ContextFactory factory, StatusPages pages, HostListener listener) {
        this.config = config;
        this.factory = factory;
        this.pages = pages;
        this.listener = listener;
    }

    /** The configuration that runs. */
    public ServerConfig config() {
        return config;
    }

    /** All mounted contexts, by path. */
    public Collection<MountedContext> contexts() {
        return table.mounts().values();
    }

    /** The context that is mounted at exactly this path. */
    public Optional<MountedContext> context(ContextPath path) {
        return Optional.ofNullable(table.mounts().get(path));
    }

    /** Mounts all contexts; none is started yet. */
    public void mount() {
        mount(config.contexts().values().stream().map(this::create).toList(), List.of());
    }

    /** Begins to start the contexts with {@code min_instances}; the others wait to be asked for. */
    public void start() {
        for (MountedContext context : contexts()) {
            if (isKept(context)) {
                var unused = context.start().whenComplete((done, failure) -> logStart(context, failure));
            }
        }
    }

    /** Answers a request: from the context of its path, or 404. */
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        MountTable<MountedContext> seen = null;
        while (true) {
            MountTable<MountedContext> current = table;
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
     * replaced when its successor is ready; one whose successor fails goes on as it was.
     */
    CompletableFuture<ReloadOutcome> apply(ServerConfig next) {
        Map<ContextPath, ContextConfig> mounted = table.mounts().values().stream()
                .collect(Collectors.toMap(MountedContext::path, MountedContext::config));
        ReloadPlan plan = ReloadPlan.between(config, mounted, next);
        LOG.info("Reload: {}", plan);
        this.config = next;
        List<CompletableFuture<Optional<String>>> steps = new ArrayList<>();
        List<MountedContext> atOnce = new ArrayList<>();
        for (ContextConfig added : plan.added()) {
            MountedContext context = create(added);
            atOnce.add(context);
            if (isKept(context)) {
                steps.add(report(context, context.start()));
            }
        }
        for (ContextConfig changed : plan.changed()) {
            MountedContext successor = create(changed);
            if (isKept(successor) || isRunning(changed.path())) {
                steps.add(replaceWhenReady(successor));
            } else {
                atOnce.add(successor);
            }
        }
        mount(atOnce, plan.removed());
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new)).thenApply(done -> outcome(plan, steps));
    }

    /** Retires all contexts at once, each with the time that it needs to drain, up to the limit, and to stop. */
    public CompletableFuture<Void> stop(Duration drain) {
        return CompletableFuture.allOf(
                contexts().stream().map(context -> context.retire(drain)).toArray(CompletableFuture[]::new));
    }

    private MountedContext create(ContextConfig contextConfig) {
        return factory.create(contextConfig, this::handle);
    }

    private CompletableFuture<Optional<String>> replaceWhenReady(MountedContext successor) {
        return successor.start().handle((done, failure) -> {
            if (failure == null) {
                mount(List.of(successor), List.of());
                return Optional.<String>empty();
            }
            retire(successor);
            return Optional.of(describe(successor, failure) + "; the context before it goes on serving");
        });
    }

    private static CompletableFuture<Optional<String>> report(MountedContext context, CompletableFuture<Void> start) {
        return start.handle(
                (done, failure) -> failure == null ? Optional.empty() : Optional.of(describe(context, failure)));
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
        return context(path)
                .map(context -> context.status().backend().state())
                .filter(state -> state == BackendState.READY || state == BackendState.STARTING)
                .isPresent();
    }

    private static boolean isKept(MountedContext context) {
        return context.config().lifecycle().minInstances() > 0;
    }

    /** Swaps the table once and then retires what it no longer holds. */
    private void mount(List<MountedContext> mounted, Collection<ContextPath> removed) {
        List<MountedContext> replaced = new ArrayList<>();
        List<MountedContext> gone = new ArrayList<>();
        synchronized (this) {
            Map<ContextPath, MountedContext> mounts = new HashMap<>(table.mounts());
            removed.forEach(path -> Optional.ofNullable(mounts.remove(path)).ifPresent(gone::add));
            mounted.forEach(context ->
                    Optional.ofNullable(mounts.put(context.path(), context)).ifPresent(replaced::add));
            table = new MountTable<>(mounts);
        }
        mounted.forEach(listener::mounted);
        gone.forEach(listener::unmounted);
        mounted.forEach(context -> LOG.info(
                "Context {} mounted: {} ({})",
                context.path(),
                context.status().description(),
                context.config().source()));
        gone.forEach(context -> LOG.info("Context {} unmounted", context.path()));
        replaced.forEach(this::retire);
        gone.forEach(context -> retire(context, factory::forget));
    }

    private void retire(MountedContext context) {
        retire(context, retired -> {});
    }

    private void retire(MountedContext context, Consumer<ContextPath> afterwards) {
        var unused = context.retire(DRAIN).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("Context {} did not stop cleanly", context.path(), failure);
            }
            if (context(context.path()).isEmpty()) {
                afterwards.accept(context.path());
            }
        });
    }

    private static void logStart(MountedContext context, @org.jspecify.annotations.Nullable Throwable failure) {
        if (failure != null) {
            LOG.error(describe(context, failure));
        }
    }
}
