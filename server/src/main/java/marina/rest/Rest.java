package marina.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import marina.server.MarinaServer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All paths of REST, which are the same on the control socket and on the admin listener. Thread-safe. */
public final class Rest {
    /** What all paths begin with. */
    public static final String ROOT = "/api/v1";

    private static final Logger LOG = LoggerFactory.getLogger(Rest.class);

    private final Map<String, Map<String, Endpoint>> paths = new TreeMap<>();
    private final EventStream events;
    private final LogPaths logs;

    /**
     * REST of a server, which need not have been assembled yet.
     *
     * @param stop ends the program; called on a thread of its own
     */
    public Rest(MarinaServer server, Runnable stop) {
        StatusJson status = new StatusJson(server);
        ContextJson contexts = new ContextJson(server);
        events = new EventStream(server, status, contexts);
        add("GET", "/status", call -> call.json(status.now()));
        add("GET", "/events", events);
        new ContextPaths(server, contexts).addTo(this);
        new DeployPaths(server).addTo(this);
        new HookPaths(server).addTo(this);
        new FleetPaths(server).addTo(this);
        logs = new LogPaths(server);
        logs.addTo(this);
        new ConfigurationPaths(server).addTo(this);
        new ServerPaths(server, stop).addTo(this);
        new PoolPaths(server).addTo(this);
        new HistoryPaths(server).addTo(this);
        new LeasePaths(server).addTo(this);
    }

    /** Adds a path, which is written without {@link #ROOT}. */
    public void add(String method, String path, Endpoint endpoint) {
        paths.computeIfAbsent(path, key -> new LinkedHashMap<>()).put(method, endpoint);
    }

    /** Ends the answers that go on, because the server is about to stop. */
    public void leave() {
        events.leave();
        logs.leave();
    }

    /** Every path with its methods. */
    public Map<String, List<String>> table() {
        Map<String, List<String>> table = new TreeMap<>();
        paths.forEach((path, methods) -> table.put(path, List.copyOf(methods.keySet())));
        return table;
    }

    /**
     * Answers, on a thread of the pool.
     *
     * @param path below {@link #ROOT}
     * @param asker who asks
     */
    public void handle(String path, Asker asker, Request request, Response response, Callback callback) {
        Map<String, Endpoint> methods = paths.get(path);
        if (methods == null) {
            refuse(HttpStatus.NOT_FOUND_404, "there is no path " + ROOT + path, response, callback);
            return;
        }
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        Endpoint endpoint = methods.get(method);
        if (endpoint == null) {
            String allowed = String.join(", ", methods.keySet());
            response.getHeaders().put(HttpHeader.ALLOW, allowed);
            refuse(
                    HttpStatus.METHOD_NOT_ALLOWED_405,
                    request.getMethod() + " is not for " + ROOT + path + "; write " + allowed,
                    response,
                    callback);
            return;
        }
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        request.getContext().execute(() -> answer(endpoint, asker, request, response, callback));
    }

    private static void answer(Endpoint endpoint, Asker asker, Request request, Response response, Callback callback) {
        try {
            endpoint.answer(new Call(request, response, callback, asker));
        } catch (BadCall e) {
            refuse(e.status(), e.line(), response, callback);
        } catch (Exception | StackOverflowError e) {
            LOG.warn("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
            refuse(HttpStatus.INTERNAL_SERVER_ERROR_500, "that failed; see the log of the server", response, callback);
        }
    }

    /** Answers with a refusal. */
    public static void refuse(int status, String message, Response response, Callback callback) {
        Call.json(status, Call.refusal(message), response, callback);
    }
}
