package marina.tomcat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import marina.context.MountedContext;
import marina.rest.BadCall;
import marina.rest.Call;
import marina.rest.Endpoint;
import marina.server.MarinaServer;

/** The commands about sessions of WARs: sessions and expire. */
record SessionCommands(MarinaServer server) {
    private static final Duration USUAL = Duration.ofMinutes(30);
    private static final int MOST_GROUPS = 60;
    private static final int MOST_MINUTES = 1_000_000;

    void addTo(Map<String, Endpoint> commands) {
        commands.put("/sessions", this::sessions);
        commands.put("/expire", this::sessions);
    }

    /** Counts them by the time that nobody has used them; with {@code idle} ends those that have rested for so many minutes. */
    private void sessions(Call call) throws BadCall {
        int idle = call.number("idle", -1, MOST_MINUTES, -1);
        ContextName.of(call).ifPresent(name -> ContextCommands.named(server, name, call)
                .ifPresent(context -> Lines.answer(
                        call,
                        "OK - Session information for application at context path [" + name + "]",
                        describe(context, idle))));
    }

    private static List<String> describe(MountedContext context, int idle) {
        List<String> lines = new ArrayList<>();
        Duration timeout = context.sessions().timeout().orElse(USUAL);
        long most = timeout.toMinutes();
        lines.add("Default maximum session inactive interval is [" + most + "] minutes");
        int width = (int) Math.max(1, most / (MOST_GROUPS - 1)); // few lines, however long sessions last
        TreeMap<Long, Integer> groups = new TreeMap<>();
        context.sessions().idle().forEach(rest -> groups.merge(rest.toMinutes() / width, 1, Integer::sum));
        groups.forEach((group, count) -> lines.add(line(group, width, count)));
        if (idle >= 0) {
            int ended = context.sessions().end(Duration.ofMinutes(idle));
            lines.add("Inactive for [>" + idle + "] minutes: [" + ended + "] sessions were expired");
        }
        return lines;
    }

    private static String line(long group, int width, int count) {
        long from = group * width;
        String range = from == 0 ? "<" + width : from + " - <" + (from + width);
        return "Inactive for [" + range + "] minutes: [" + count + "] sessions";
    }
}
