package marina.rest;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import marina.config.ConfigDump;
import marina.config.ContextPath;
import marina.context.MountedContext;
import marina.host.Deployments;
import marina.host.Host;
import marina.host.ReloadOutcome;
import marina.server.MarinaServer;

/** The paths below {@code /contexts}, but for those of deployment. */
final class ContextPaths {
    private static final int MOST = 1_000_000;
    private static final int USUAL = 100;
    private static final int LOG_LINES = 50;
    private static final int MOST_MINUTES = 1_000_000;

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
                    .restart(new ContextPath(ContextJson.name(server, context)))
                    .thenAccept(call::outcome);
        });
        rest.add("POST", "/contexts/expire", this::expire);
        rest.add("POST", "/contexts/backup", call -> {
            MountedContext context = json.named(call);
            call.whenDone(context.backup(), context.path().value());
        });
        rest.add("POST", "/contexts/restore", call -> {
            MountedContext context = json.named(call);
            call.whenDone(context.restore(call.optional("file")), context.path().value());
        });
    }

    /** Ends sessions that nobody has used for a while; all of them where no time is written. */
    private void expire(Call call) throws BadCall {
        MountedContext context = json.named(call);
        int minutes = call.number("idle", 0, MOST_MINUTES, 0);
        int ended = context.sessions().end(Duration.ofMinutes(minutes));
        call.outcome(new ReloadOutcome(
                true, List.of(context.path() + ": " + ended + (ended == 1 ? " session" : " sessions") + " ended")));
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

    private void one(Call call) throws BadCall, IOException {
        MountedContext context = json.named(call);
        Map<String, Object> answer = json.row(context);
        answer.put(
                "config",
                new ConfigDump(server.directories()).dump(server.host().config(), context.config()));
        answer.put(
                "previous_versions",
                server.deployments().previous(context.path()).stream()
                        .map(ContextPaths::previous)
                        .toList());
        answer.put("log", LogPaths.last(server, context, LOG_LINES));
        call.json(answer);
    }

    private static Map<String, Object> previous(Deployments.Previous previous) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", previous.name());
        json.put("at", previous.at().toString());
        json.put("size", previous.size());
        return json;
    }
}
