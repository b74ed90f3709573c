package marina.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.context.MountedContext;
import marina.host.Host;
import marina.host.ReloadOutcome;
import marina.upstream.Pool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The commands of the control socket that have to do with the members of upstream contexts. Never blocks. */
record PoolCommands(Host host) {

    /** Answers one of {@code GET /pools}, {@code POST /pools/drain} and {@code POST /pools/enable}. */
    void handle(String command, Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        String path = Optional.ofNullable(query.getValue("path")).orElse("");
        Optional<MountedContext> context = ControlHandler.find(host, path);
        if (context.isEmpty()) {
            ControlHandler.sendNothingAt(path, response, callback);
            return;
        }
        Optional<Pool> pool = context.get().pool();
        if (pool.isEmpty()) {
            String reason = path + " has no members; write upstream with members for it";
            ControlHandler.send(404, Map.of("messages", List.of(reason)), response, callback);
        } else if (command.equals("GET /pools")) {
            ControlHandler.send(200, pool.get().status().toMap(), response, callback);
        } else {
            String member = Optional.ofNullable(query.getValue("member")).orElse("");
            Optional<String> done = pool.get().drain(member, command.equals("POST /pools/drain"));
            String said = done.orElse(
                    "\"" + member + "\" is no member; write the URL, the host and port, or the id of one of: "
                            + String.join(", ", urls(pool.get())));
            ControlHandler.sendOutcome(
                    new ReloadOutcome(done.isPresent(), List.of(path + ": " + said)), response, callback);
        }
    }

    private static List<String> urls(Pool pool) {
        return pool.status().members().stream().map(member -> member.url()).toList();
    }
}
