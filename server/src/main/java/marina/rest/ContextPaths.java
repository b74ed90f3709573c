package marina.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import marina.context.MountedContext;
import marina.host.Host;
import marina.server.MarinaServer;

/** The paths below {@code /contexts}, but for those of deployment. */
final class ContextPaths {
    private static final int MOST = 1_000_000;
    private static final int USUAL = 100;

    private final MarinaServer server;
    private final ContextJson json;

    ContextPaths(MarinaServer server, ContextJson json) {
        this.server = server;
        this.json = json;
    }

    void addTo(Rest rest) {
        rest.add("GET", "/contexts", this::list);
        rest.add("GET", "/contexts/one", this::one);
        rest.add("POST", "/contexts/start", call -> {
            MountedContext context = json.named(call);
            call.whenDone(context.start(), context.path() + ": start");
        });
        rest.add("POST", "/contexts/stop", call -> {
            MountedContext context = json.named(call);
            call.whenDone(context.stop(Host.DRAIN), context.path() + ": stop");
        });
        rest.add("POST", "/contexts/restart", call -> {
            MountedContext context = json.named(call);
            var unused = server.reloader()
                    .restart(new marina.config.ContextPath(ContextJson.name(server, context)))
                    .thenAccept(call::outcome);
        });
        rest.add("POST", "/contexts/backup", call -> {
            MountedContext context = json.named(call);
            call.whenDone(context.backup(), context.path().value());
        });
        rest.add("POST", "/contexts/restore", call -> {
            MountedContext context = json.named(call);
            call.whenDone(context.restore(call.optional("file")), context.path().value());
        });
    }

    private void list(Call call) throws BadCall {
        String search = call.optional("q");
        String state = call.optional("state");
        int offset = call.number("offset", 0, Integer.MAX_VALUE, 0);
        int limit = call.number("limit", 0, MOST, USUAL);
        List<MountedContext> found = json.all().stream()
                .filter(context -> ContextJson.matches(context, search, state))
                .toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("total", found.size());
        answer.put(
                "items", found.stream().skip(offset).limit(limit).map(json::row).toList());
        call.json(answer);
    }

    private void one(Call call) throws BadCall {
        call.json(json.row(json.named(call)));
    }
}
