package marina.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import marina.config.ConfigDump;
import marina.config.ContextPath;
import marina.context.Failures;
import marina.context.MountedContext;
import marina.host.Host;
import marina.host.ReloadOutcome;
import marina.server.MarinaServer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** Answers what comes through the control socket: JSON over HTTP, for this user's command line only. Never blocks. */
public final class ControlHandler implements Request.Handler {
    private final MarinaServer server;
    private final Runnable stop;

    /**
     * The commands of one server.
     *
     * @param stop ends the program; called on a thread of its own
     */
    public ControlHandler(MarinaServer server, Runnable stop) {
        this.server = server;
        this.stop = stop;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String command = request.getMethod() + " " + request.getHttpURI().getCanonicalPath();
        switch (command) {
            case "GET /status" -> send(200, status(), response, callback);
            case "GET /contexts" -> send(200, contexts(), response, callback);
            case "GET /dump" -> send(
                    200,
                    Map.of(
                            "yaml",
                            new ConfigDump(server.directories())
                                    .dump(server.host().config())),
                    response,
                    callback);
            case "POST /reload" -> {
                var unused = server.reloader().reload().thenAccept(outcome -> sendOutcome(outcome, response, callback));
            }
            case "POST /stop" -> {
                send(200, Map.of("messages", List.of("stopping")), response, callback);
                new Thread(stop, "marina-stop").start();
            }
            case "POST /contexts/start",
                    "POST /contexts/stop",
                    "POST /contexts/restart",
                    "POST /contexts/backup",
                    "POST /contexts/restore" -> onContext(command, request, response, callback);
            case "GET /pools", "POST /pools/drain", "POST /pools/enable" -> new PoolCommands(server.host())
                    .handle(command, request, response, callback);
            default -> send(404, Map.of("messages", List.of("no such command: " + command)), response, callback);
        }
        return true;
    }

    private Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("pid", ProcessHandle.current().pid());
        status.put("version", MarinaServer.version());
        status.put("java", System.getProperty("java.version"));
        status.put("base", server.directories().base().toString());
        status.put("home", server.directories().home().toString());
        status.put("urls", server.urls().stream().map(Object::toString).toArray());
        status.put("uptime_ms", server.uptimeMillis());
        status.put("contexts", server.host().contexts().size());
        status.put("running_backends", server.runningBackends());
        status.put("max_backends", server.maxBackends());
        status.put("waiting_for_room", server.waitingForRoom());
        return status;
    }

    private Object[] contexts() {
        return server.host().contexts().stream()
                .map(context -> {
                    Map<String, Object> map = context.status().toMap();
                    map.put("url", server.url(context));
                    return map;
                })
                .toArray();
    }

    private void onContext(String command, Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        String path = Optional.ofNullable(query.getValue("path")).orElse("");
        Optional<MountedContext> context = find(server.host(), path);
        if (context.isEmpty()) {
            sendNothingAt(path, response, callback);
            return;
        }
        var unused = run(command, context.get(), query).thenAccept(outcome -> sendOutcome(outcome, response, callback));
    }

    static Optional<MountedContext> find(Host host, String path) {
        if (!path.startsWith("/") || path.contains("//")) {
            return Optional.empty();
        }
        String bare = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return host.context(new ContextPath(bare));
    }

    static void sendNothingAt(String path, Response response, Callback callback) {
        send(404, Map.of("messages", List.of("no context is mounted at \"" + path + "\"")), response, callback);
    }

    /** Completes, never exceptionally, when it is done or has failed. */
    private CompletableFuture<ReloadOutcome> run(String command, MountedContext context, Fields query) {
        return switch (command) {
            case "POST /contexts/start" -> context.start()
                    .handle((done, failure) -> outcome(context.path() + ": start", failure));
            case "POST /contexts/stop" -> context.stop(Host.DRAIN)
                    .handle((done, failure) -> outcome(context.path() + ": stop", failure));
            case "POST /contexts/backup" -> inWords(context, context.backup());
            case "POST /contexts/restore" -> inWords(
                    context,
                    context.restore(Optional.ofNullable(query.getValue("file")).orElse("")));
            default -> server.reloader().restart(context.path());
        };
    }

    private static CompletableFuture<ReloadOutcome> inWords(MountedContext context, CompletableFuture<String> work) {
        return work.handle((done, failure) -> new ReloadOutcome(
                failure == null, List.of(context.path() + ": " + (failure == null ? done : Failures.reason(failure)))));
    }

    private static ReloadOutcome outcome(String what, @Nullable Throwable failure) {
        if (failure == null) {
            return new ReloadOutcome(true, List.of(what + " done"));
        }
        return new ReloadOutcome(false, List.of(what + " failed: " + Failures.reason(failure)));
    }

    static void sendOutcome(ReloadOutcome outcome, Response response, Callback callback) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("succeeded", outcome.succeeded());
        answer.put("messages", outcome.messages().toArray());
        send(outcome.succeeded() ? 200 : 409, answer, response, callback);
    }

    static void send(int status, Object json, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, new JSON().toJSON(json) + "\n", callback);
    }
}
