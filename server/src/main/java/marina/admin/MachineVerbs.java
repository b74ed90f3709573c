package marina.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs {@code lease} and {@code leases}: background work keeps the machine awake. */
final class MachineVerbs {
    private final CommandLine line;

    MachineVerbs(CommandLine line) {
        this.line = line;
    }

    /** The verbs, for picocli. */
    List<Object> all() {
        return List.of(new Lease(), new Leases());
    }

    /** The machine in one line, from the answer to GET /status. */
    static String describe(ControlClient.Answer answer) {
        Map<?, ?> machine = ((Map<?, ?>) answer.json()).get("machine") instanceof Map<?, ?> found ? found : Map.of();
        Object[] leases = machine.get("leases") instanceof Object[] all ? all : new Object[0];
        long idle = number(machine, "idle_ms") / 1000;
        String refusal = ControlStatus.text(machine, "last_refusal");
        return "Machine: " + ControlStatus.text(machine, "state") + ", "
                + (idle == 0 ? "in use" : "nobody has used it for " + idle + " s") + ", has slept "
                + number(machine, "suspends") + " times"
                + (refusal.isEmpty() ? "" : ", could not the last time: " + refusal)
                + names(leases);
    }

    private static String names(Object[] leases) {
        StringBuilder text = new StringBuilder();
        for (Object lease : leases) {
            text.append(text.isEmpty() ? ", held awake by " : ", ").append(describe((Map<?, ?>) lease));
        }
        return text.toString();
    }

    private static String describe(Map<?, ?> lease) {
        String context = ControlStatus.text(lease, "context");
        return ControlStatus.text(lease, "name") + " (" + number(lease, "left_ms") / 1000 + " s"
                + (context.isEmpty() ? "" : ", " + context) + ")";
    }

    private static long number(Map<?, ?> json, String key) {
        return json.get(key) instanceof Number number ? number.longValue() : 0;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Command(name = "lease", description = "keep the machine awake for background work, or let it sleep again")
    private final class Lease implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "of the work; the same name renews")
        private String name = "";

        @Option(names = "--ttl", paramLabel = "TIME", defaultValue = "10m", description = "how long, at most: 10m, 2h")
        private String ttl = "";

        @Option(names = "--context", paramLabel = "PATH", description = "keep this application running, too")
        private String context = "";

        @Option(names = "--release", description = "end it")
        private boolean release;

        @Override
        public Integer call() throws IOException {
            String target = "/leases?name=" + encode(name);
            return release
                    ? line.control("DELETE", target)
                    : line.control("PUT", target + "&ttl=" + encode(ttl) + "&context=" + encode(context));
        }
    }

    @Command(name = "leases", description = "list what keeps the machine awake")
    private final class Leases implements Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            return line.control("GET", "/leases", answer -> {
                for (Object lease : (Object[]) answer.json()) {
                    line.terminal().say(describe((Map<?, ?>) lease));
                }
                return CommandLine.DONE;
            });
        }
    }
}
