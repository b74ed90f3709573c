package marina.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.context.MountedContext;
import marina.host.ReloadOutcome;
import marina.server.MarinaServer;
import marina.upstream.Pool;

/** The paths of the members of upstream contexts. */
record PoolPaths(MarinaServer server) {

    void addTo(Rest rest) {
        rest.add("GET", "/pools", this::list);
        rest.add("POST", "/pools/drain", call -> drain(call, true));
        rest.add("POST", "/pools/enable", call -> drain(call, false));
    }

    private void list(Call call) throws BadCall {
        if (call.optional("path").isEmpty()) {
            List<Map<String, Object>> all = server.host().contexts().stream()
                    .flatMap(context -> context.pool().stream())
                    .map(pool -> pool.status().toMap())
                    .toList();
            call.json(all);
        } else {
            call.json(List.of(pool(call).status().toMap()));
        }
    }

    private void drain(Call call, boolean drained) throws BadCall {
        Pool pool = pool(call);
        String member = call.required("member");
        Optional<String> done = pool.drain(member, drained);
        String said = done.orElse("\"" + member
                + "\" is no member; write the URL, the host and port, or the id of one of: "
                + String.join(
                        ", ",
                        pool.status().members().stream().map(one -> one.url()).toList()));
        call.outcome(new ReloadOutcome(done.isPresent(), List.of(call.optional("path") + ": " + said)));
    }

    private Pool pool(Call call) throws BadCall {
        String path = call.required("path");
        MountedContext context = ContextJson.find(server, path)
                .orElseThrow(() -> new BadCall(404, "no context is mounted at \"" + path + "\""));
        return context.pool()
                .orElseThrow(() -> new BadCall(404, path + " has no members; write upstream with members for it"));
    }
}
