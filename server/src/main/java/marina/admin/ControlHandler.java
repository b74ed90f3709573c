package marina.admin;

import java.util.ArrayList;
import java.util.Collection;
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
            case "GET /metrics" -> server.answerMetrics(request, response, callback);
            case "GET /status" -> send(200, status(), response, callback);
                // Counting sessions asks the disk.
            case "GET /contexts" -> request.getContext().execute(() -> send(200, contexts(), response, callback));
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
            case "GET " + MachineCommands.LEASES -> send(200, machine().leases(), response, callback);
            default -> other(command, request, response, callback);
        }
        return true;
    }

    private MachineCommands machine() {
        return new MachineCommands(server.machine());
    }

    private void other(String command, Request request, Response response, Callback callback) {
        String path = request.getHttpURI().getDecodedPath();
        if (MachineCommands.isOnLease(path)) {
            Fields query = Request.extractQueryParameters(request);
            sendOutcome(machine().onLease(request.getMethod(), path, query), response, callback);
        } else {
            send(404, Map.of("messages", List.of("no such command: " + command)), response, callback);
        }
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
        status.put("machine", machine().status());
        return status;
    }

    /** Each with its older versions behind it. */
    private Object[] contexts() {
        List<Map<String, Object>> rows = new ArrayList<>();
        Collection<MountedContext> older = server.host().olderVersions();
        for (MountedContext context : server.host().contexts()) {
            boolean onlyOne = context.config().version().isEmpty();
            rows.add(row(context, context.path().value(), onlyOne ? -1 : context.countSessions()));
            older.stream()
                    .filter(version -> version.path().equals(context.path()))
                    .forEach(version -> rows.add(row(version, version.versionName(), version.countSessions())));
        }
        return rows.toArray();
    }

    private Map<String, Object> row(MountedContext context, String name, long sessions) {
        Map<String, Object> map = context.status().toMap();
        map.put("url", server.url(context));
        map.put("name", name);
        map.put("sessions", sessions);
        return map;
    }

    private void onContext(String command, Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        String path = Optional.ofNullable(query.getValue("path")).orElse("");
        Optional<MountedContext> context = find(server.host(), path);
        if (context.isEmpty()) {
            sendNothingAt(path, response, callback);
            return;
        }
        var unused = run(command, path, context.get(), query)
                .thenAccept(outcome -> sendOutcome(outcome, response, callback));
    }

    static Optional<MountedContext> find(Host host, String path) {
        if (!path.startsWith("/") || path.contains("//")) {
            return Optional.empty();
        }
        return host.context(new ContextPath(bare(path)));
    }

    private static String bare(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    static void sendNothingAt(String path, Response response, Callback callback) {
        send(404, Map.of("messages", List.of("no context is mounted at \"" + path + "\"")), response, callback);
    }

    /** Completes, never exceptionally, when it is done or has failed. */
    private CompletableFuture<ReloadOutcome> run(String command, String path, MountedContext context, Fields query) {
        return switch (command) {
            case "POST /contexts/start" -> context.start()
                    .handle((done, failure) -> outcome(context.path() + ": start", failure));
            case "POST /contexts/stop" -> context.stop(Host.DRAIN)
                    .handle((done, failure) -> outcome(context.path() + ": stop", failure));
            case "POST /contexts/backup" -> inWords(context, context.backup());
            case "POST /contexts/restore" -> inWords(
                    context,
                    context.restore(Optional.ofNullable(query.getValue("file")).orElse("")));
            default -> server.reloader().restart(new ContextPath(bare(path)));
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
