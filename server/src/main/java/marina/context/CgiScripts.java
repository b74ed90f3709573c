package marina.context;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import marina.backend.ProcessEnvironment;
import marina.backend.ProcessSettings;
import marina.cgi.CgiCall;
import marina.cgi.CgiPages;
import marina.cgi.CgiRunner;
import marina.cgi.CgiScript;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.RouteAction;
import marina.config.ServerConfig;
import marina.config.Template;
import marina.process.OutputSink;
import marina.valve.Access;
import marina.valve.Accesses;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scripts of contexts and routes: who may run them, with what, and what comes after them. Thread-safe.
 */
public final class CgiScripts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CgiScripts.class);

    /** For bodies of unknown length where nothing limits bodies: they go to the disk. */
    private static final long MOST_SPOOLED = 1L << 30;

    private final CgiRunner runner;
    private final Accesses accesses;
    private final StatusPages pages;
    private final ContextLogs logs;
    private final After after;

    /**
     * What comes after a run.
     *
     * @param redirected answers a request that a script has sent to another path
     * @param reload goes over to a configuration file, which is relative to MARINA_BASE
     */
    public record After(Request.Handler redirected, Consumer<String> reload) {}

    /** Scripts of one server. */
    public CgiScripts(CgiRunner runner, Accesses accesses, StatusPages pages, ContextLogs logs, After after) {
        this.runner = runner;
        this.accesses = accesses;
        this.pages = pages;
        this.logs = logs;
        this.after = after;
    }

    /** Where bodies are kept for scripts that must know how long they are. */
    public static Path spool(Path work) {
        return work.resolve("cgi");
    }

    /** The pages for what goes wrong with a script; 502 and 504 have words of their own. */
    public static CgiPages pages(StatusPages pages) {
        return (status, request, response, callback) -> {
            if (status == HttpStatus.BAD_GATEWAY_502 || status == HttpStatus.GATEWAY_TIMEOUT_504) {
                pages.badGateway(status, request, response, callback);
            } else {
                pages.error(status, request, response, callback);
            }
        };
    }

    /** To be called when no script runs any more. */
    @Override
    public void close() {
        runner.close();
    }

    /** The content of a context: PATH_INFO is what stands behind the context's path. */
    ContextContent content(ContextConfig config, Content.Cgi cgi) {
        Map<String, Template> env = new HashMap<>(config.env());
        env.putAll(cgi.env());
        String name = config.path().isRoot() ? "" : config.path().value();
        CgiScript script = script(
                config.path().value(),
                cgi,
                env,
                logs.of(config.path()),
                config.traffic().maxBody());
        Access access = accesses.of(config.access());
        return new DirectContent(
                (request, response, callback) -> {
                    CompletableFuture<Void> ended = new CompletableFuture<>();
                    handle(cgi, access, new CgiCall(script, name, request, response, callback, this::again), ended);
                    return ended;
                },
                false,
                cgi.script().toString(),
                () -> CompletableFuture.completedFuture(null));
    }

    /** The scripts of a configuration's routes. */
    public Routed routes(ServerConfig config) {
        Map<RouteAction, CgiScript> scripts = new HashMap<>();
        config.routes().forEach(route -> {
            if (route.action() instanceof RouteAction.Cgi action) {
                Content.Cgi cgi = action.cgi();
                OutputSink errors =
                        (channel, line) -> LOG.info("cgi {}: {}", cgi.script().getFileName(), line);
                long maxBody = config.limits().traffic().maxBody();
                scripts.put(action, script("route " + route.match(), cgi, cgi.env(), errors, maxBody));
            }
        });
        return new Routed(scripts, config.limits().traffic().maxBody());
    }

    private static CgiScript script(
            String owner, Content.Cgi cgi, Map<String, Template> env, OutputSink errors, long maxBody) {
        Map<String, String> own = new HashMap<>();
        env.forEach((name, value) -> own.put(name, value.expand(Map.of())));
        return new CgiScript(
                owner,
                cgi.script(),
                cgi.directory(),
                ProcessEnvironment.of(cgi.process(), own),
                ProcessSettings.accountOf(cgi.process()),
                errors,
                cgi.timeout(),
                cgi.maxConcurrent(),
                maxBody > 0 ? maxBody : MOST_SPOOLED);
    }

    /** Runs it for a user who may; {@code ended} completes when the exchange is over and nothing is left of the script. */
    private void handle(Content.Cgi cgi, Access access, CgiCall call, CompletableFuture<Void> ended) {
        if (cgi.allowedUsers().isEmpty()) {
            run(cgi, call, ended);
            return;
        }
        AtomicBoolean begun = new AtomicBoolean();
        Callback callback = Callback.from(call.callback(), () -> {
            if (!begun.get()) {
                ended.complete(null); // refused
            }
        });
        try {
            access.identify(call.request(), call.response(), callback, (request, response, end) -> {
                if (isAllowed(cgi.allowedUsers(), request)) {
                    begun.set(true);
                    run(cgi, call.on(request, response, end), ended);
                } else {
                    pages.error(HttpStatus.FORBIDDEN_403, request, response, end);
                }
                return true;
            });
        } catch (Exception e) {
            callback.failed(e);
        }
    }

    /** With what may wait for a place of the context that the script has answered in. */
    private boolean again(Request request, Response response, Callback callback) throws Exception {
        AdmittedRequest.leave(request);
        return after.redirected.handle(request, response, callback);
    }

    private static boolean isAllowed(List<String> users, Request request) {
        String user = Access.user(request);
        return user != null && users.contains(user);
    }

    private void run(Content.Cgi cgi, CgiCall call, CompletableFuture<Void> ended) {
        var unused = runner.run(call).whenComplete((succeeded, failure) -> {
            ended.complete(null);
            if (failure == null && succeeded && !cgi.reloadConfig().isEmpty()) {
                LOG.info("{} has succeeded: reading {}", call.script(), cgi.reloadConfig());
                after.reload.accept(cgi.reloadConfig());
            }
        });
    }

    /** The scripts that the routes of one configuration lead to. */
    public final class Routed {
        private final Map<RouteAction, CgiScript> scripts;
        private final long maxBody;

        private Routed(Map<RouteAction, CgiScript> scripts, long maxBody) {
            this.scripts = Map.copyOf(scripts);
            this.maxBody = maxBody;
        }

        /**
         * Lets the script of a route answer; its name is the whole path.
         *
         * @param access asks who it is where the script is not for everybody
         */
        public void handle(
                RouteAction.Cgi action, Access access, Request request, Response response, Callback callback) {
            CgiScript script = scripts.get(action);
            if (script == null) {
                throw new IllegalArgumentException("a route of another configuration: " + action);
            }
            if (maxBody > 0 && request.getLength() > maxBody) {
                pages.error(HttpStatus.PAYLOAD_TOO_LARGE_413, request, response, callback);
                return;
            }
            Request measured = LimitedBody.of(request, maxBody);
            String path = Request.getPathInContext(request);
            CgiCall call = new CgiCall(script, path, measured, response, callback, CgiScripts.this::again);
            CgiScripts.this.handle(action.cgi(), access, call, new CompletableFuture<>());
        }
    }
}
