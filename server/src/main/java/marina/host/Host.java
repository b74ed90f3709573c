package marina.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import java.util.stream.Stream;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.PagesConfig;
import marina.config.ServerConfig;
import marina.context.ContextFactory;
import marina.context.MountedContext;
import marina.context.StatusPages;
import marina.valve.PublicFiles;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The live set of contexts. Requests read an immutable table through one volatile field; only the thread that reloads,
 * and successors that become ready, replace it. Thread-safe.
 */
public final class Host {
    /** How long requests in flight may go on when an operator stops what answers them. */
    public static final Duration DRAIN = Duration.ofSeconds(10);

    private final ContextFactory factory;
    private final ContextMaker maker = new Maker();
    private final Mounts mounts;
    private final Changeover changeover;
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
        this.config = config;
        this.factory = factory;
        this.mounts = new Mounts(listener, factory::forget, gone -> keepFilesFor(Stream.of(gone.config())));
        this.older = new OlderVersions(mounts, maker, listener);
        this.dispatch = new Dispatch(mounts, older.table(), pages);
        mounts.bequeathTo(older);
        this.changeover = new Changeover(config, mounts, older, maker, livesHere);
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

    /** What is shown to clients in place of an answer, as the context says that a request asks for. */
    public PagesConfig pagesFor(Request request) {
        return Optional.ofNullable(request.getHttpURI().getCanonicalPath())
                .flatMap(this::contextFor)
                .map(context -> context.config().pages())
                .orElse(PagesConfig.NONE);
    }

    /** Mounts all contexts; none is started yet. */
    public void mount() {
        mounts.swap(changeover.createAll(List.copyOf(config.contexts().values())), List.of());
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
            if (changeover.isKept(context)) {
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
     * fails goes on as it was, behind the new rules. A newer call supersedes successors that are still starting; a start
     * that cannot be broken off may end first. Called by one thread at a time.
     *
     * @param serially that thread; it runs what it is given
     * @return completes when all successors are ready or have failed
     */
    CompletableFuture<ReloadOutcome> apply(ServerConfig next, Executor serially) {
        if (stopping) {
            return CompletableFuture.completedFuture(new ReloadOutcome(false, List.of("the server is stopping")));
        }
        Changeover.Draft draft = changeover.draft(config, next);
        ServerConfig before = config;
        this.config = next;
        older.expect(next.olderVersions());
        factory.limit(next.limits());
        if (!next.access().equals(before.access()) || !next.basePath().equals(before.basePath())) {
            publicFiles = factory.publicFiles(next);
        }
        CompletableFuture<ReloadOutcome> outcome = changeover.carryOut(draft, serially);
        keepFilesFor(draft.plan().wanted());
        return outcome;
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
        return changeover.restart(current).thenApply(failure -> ReloadOutcome.ofRestart(path, failure));
    }

    /** Begins nothing new any more, and gives up what starts in the place of others. */
    void endChanges() {
        changeover.close();
    }

    /** Retires all contexts at once, each with the time that it needs to drain, up to the limit, and to stop. */
    public CompletableFuture<Void> stop(Duration drain) {
        stopping = true;
        changeover.close();
        return CompletableFuture.allOf(mounts.stop(drain), older.stop(drain));
    }

    /** After something has become of these contexts. */
    private void keepFilesFor(Stream<ContextConfig> concerned) {
        if (concerned.anyMatch(context -> context.content() instanceof Content.War)) {
            keepFiles();
        }
    }

    /** Those of contexts that have been replaced or removed go. */
    private void keepFiles() {
        List<Content.War> wars = new ArrayList<>();
        for (Collection<MountedContext> mounted : List.of(contexts(), older.all())) {
            for (MountedContext context : mounted) { // of which there may be thousands, hardly one a WAR
                if (context.config().content() instanceof Content.War war) {
                    wars.add(war);
                }
            }
        }
        factory.keepFilesOf(wars);
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
