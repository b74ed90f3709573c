package marina.context;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import marina.backend.Startable;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.proxy.HeadChanges;
import marina.proxy.Visit;
import marina.session.SessionCensus;
import marina.upstream.Pool;
import marina.valve.Access;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

/**
 * One mounted application: the permanently mapped gate of a path. Whatever state its content is in, the answer for
 * this path comes from here and never from a context above it. Made by {@link ContextFactory}, owned by the host.
 * Thread-safe.
 */
public final class MountedContext {
    private static final long MOST_COUNTED = 100_000;

    private final ContextConfig config;
    private final ContextDatabase database;
    private final ContextContent content;
    private final ContextDoor door;
    private final Request.Handler reroute;
    private final SessionCensus sessions;
    private final LongAdder requests;

    /**
     * The gate of a path.
     *
     * @param door what requests pass on their way to the content
     * @param reroute answers a request whose context was replaced while it was on that way
     * @param sessions of its application
     */
    MountedContext(
            ContextConfig config,
            ContextDatabase database,
            ContextContent content,
            ContextDoor door,
            Request.Handler reroute,
            SessionCensus sessions) {
        this(config, database, content, door, reroute, sessions, new LongAdder());
    }

    private MountedContext(
            ContextConfig config,
            ContextDatabase database,
            ContextContent content,
            ContextDoor door,
            Request.Handler reroute,
            SessionCensus sessions,
            LongAdder requests) {
        this.config = config;
        this.database = database;
        this.content = content;
        this.door = door;
        this.reroute = reroute;
        this.sessions = sessions;
        this.requests = requests;
    }

    /** A context with the same application behind another door; empty when there is no application that could go on. */
    Optional<MountedContext> around(ContextConfig other, UnaryOperator<ContextContent> limits, ContextDoor otherDoor) {
        return content.with(other)
                .map(same -> new MountedContext(
                        other, database, limits.apply(same), otherDoor, reroute, sessions, requests));
    }

    /** Where it is mounted. */
    public ContextPath path() {
        return config.path();
    }

    /** What tells it from other versions of the context: {@code /shop##2}; without a version {@code /shop##}. */
    public String versionName() {
        return config.path() + "##" + config.version();
    }

    /** How many sessions its WAR has; -1 when nobody can tell. May ask the disk or the database. */
    public long countSessions() {
        try {
            return sessions.count(MOST_COUNTED);
        } catch (IOException e) {
            return -1;
        }
    }

    /** The sessions of its WAR; none where it hosts none. */
    public SessionCensus sessions() {
        return sessions;
    }

    /** What the operator asked for. */
    public ContextConfig config() {
        return config;
    }

    /** Who may pass; {@link #handle} sees to it for requests that nobody has asked before. */
    public Access access() {
        return door.access();
    }

    /** Whether everything below its path gets the maintenance page, but for its public files. */
    public boolean isClosed() {
        return door.closing().isClosed();
    }

    /** Whether GET of a path is answered by one of the context's public files. May ask the disk. */
    public boolean servesFile(String canonicalPath) {
        return door.files().serves(canonicalPath);
    }

    /**
     * Answers a request below its path.
     *
     * @return false, with the response untouched, when it has been retired: look the path up again
     */
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HeadChanges.answer(request, door.fields());
        Call call = new Call();
        try {
            return door.authorize(request, response, callback, (known, answer, end) -> enter(known, answer, end, call));
        } finally {
            call.returned = true;
        }
    }

    private boolean enter(Request request, Response response, Callback callback, Call call) throws Exception {
        if (isBarePath(request) && !isClosed()) {
            redirectToSlash(request, response, callback);
            requests.increment();
            return true;
        }
        // Our caller can look the path up again; whoever has taken the request over from it has to do so itself.
        boolean handled = door.enter(request, response, callback, (seen, answer, end) -> {
            Visit.mark(seen);
            return content.handle(seen, answer, end) || (call.isOver() && reroute.handle(seen, answer, end));
        });
        if (handled) {
            requests.increment();
        }
        return handled;
    }

    /** Starts it if it is not running. */
    public CompletableFuture<Void> start() {
        return start(1);
    }

    /**
     * Starts it if it is not running.
     *
     * @param instances how many are to run, up to those that it may have
     * @return completes when they are ready, exceptionally when one of them is not
     */
    public CompletableFuture<Void> start(int instances) {
        return content.application().start(instances);
    }

    /** Lets requests in flight end, up to the limit, and stops; the next request starts it again. */
    public CompletableFuture<Void> stop(Duration drain) {
        return content.application().stop(drain);
    }

    /**
     * Stops what is ready and in nobody's use; whoever asks for it meanwhile waits for its next start.
     *
     * @param drain how long what is in use may go on before it stops as well; zero leaves it alone
     */
    public CompletableFuture<Void> rest(Duration drain) {
        return content.application().rest(drain);
    }

    /** Keeps it from stopping when idle; empty when nothing runs. Running what it gives ends that. */
    public Optional<Runnable> pin() {
        return content.application().pin();
    }

    /** Lets requests in flight end, up to the limit, and stops for good. */
    public CompletableFuture<Void> retire(Duration drain) {
        return content.application().retire(drain);
    }

    /**
     * Copies its SQLite database, whether it runs or not.
     *
     * @return completes with what was done, in words, exceptionally with why not
     */
    public CompletableFuture<String> backup() {
        return database.backup();
    }

    /**
     * Stops, puts a copy in the place of its SQLite database, and starts again if it ran.
     *
     * @param file a path, or the name of a copy; empty for the newest
     * @return completes with what was done, in words, exceptionally with why not
     */
    public CompletableFuture<String> restore(String file) {
        return database.restore(file, this);
    }

    /** The members that share its requests; empty when it is no upstream with members. */
    public Optional<Pool> pool() {
        return content.pool();
    }

    /** Requests that have been answered or are in flight since it was mounted. */
    public long requests() {
        return requests.sum();
    }

    /** How it is now. */
    public ContextStatus status() {
        Startable application = content.application();
        return ContextStatus.of(config, database, requests.sum(), application.status(), application.instances());
    }

    private boolean isBarePath(Request request) {
        return !config.path().isRoot()
                && config.path().value().equals(request.getHttpURI().getCanonicalPath())
                && !(content.forwardsUpgrades() && isUpgrade(request));
    }

    private static boolean isUpgrade(Request request) {
        return request.getHeaders().contains(HttpHeader.UPGRADE) || HttpMethod.CONNECT.is(request.getMethod());
    }

    /** As servlet containers do; 307 where a 302 would turn the request into a GET (RFC 9110, 15.4.3 and 15.4.8). */
    private void redirectToSlash(Request request, Response response, Callback callback) {
        boolean safe = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        String query = request.getHttpURI().getQuery();
        String target = URIUtil.encodePath(config.path().prefix());
        response.setStatus(safe ? HttpStatus.FOUND_302 : HttpStatus.TEMPORARY_REDIRECT_307);
        response.getHeaders().put(HttpHeader.LOCATION, query == null ? target : target + "?" + query);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        response.write(true, null, callback);
    }

    /** A call of {@link #handle}, whose caller learns what it returns, unless it goes on elsewhere. */
    private static final class Call {
        private final Thread caller = Thread.currentThread();
        private boolean returned; // of that thread alone

        boolean isOver() {
            return Thread.currentThread() != caller || returned;
        }
    }
}
