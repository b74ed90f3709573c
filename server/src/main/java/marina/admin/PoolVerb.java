package marina.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eclipse.jetty.util.ajax.JSON;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb {@code pool}: shows the members of an upstream context, takes one of them out and back in. */
@Command(name = "pool", description = "show the members of an upstream context, or drain and enable one of them")
final class PoolVerb implements Callable<Integer> {
    private final CommandLine line;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PATH", description = "the path of the context, for example /shop")
    private String path = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "drain|enable",
            description = "drain: the member gets no new clients; enable: it does again")
    private String action = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "MEMBER",
            description = "its URL, its host and port, or its id")
    private String member = "";

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    PoolVerb(CommandLine line) {
        this.line = line;
    }

    @Override
    public Integer call() throws IOException {
        if (action.isEmpty()) {
            return line.control("GET", "/pools?path=" + encode(path), this::print);
        }
        if (!List.of("drain", "enable").contains(action) || member.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "write \"pool " + path + " drain MEMBER\" or \"pool " + path + " enable MEMBER\"; \"pool " + path
                            + "\" shows the members");
        }
        return line.control("POST", "/pools/" + action + "?path=" + encode(path) + "&member=" + encode(member));
    }

    private int print(ControlClient.Answer answer) {
        if (answer.status() != 200) {
            ControlStatus.messages(answer).forEach(line.terminal()::complain);
            return CommandLine.FAILED;
        }
        Map<?, ?> pool = (Map<?, ?>) ((Object[]) answer.json())[0];
        if (json) {
            line.terminal().say(new JSON().toJSON(pool));
            return CommandLine.DONE;
        }
        line.terminal()
                .say(ControlStatus.text(pool, "path") + ": " + ControlStatus.text(pool, "health") + ", "
                        + ControlStatus.text(pool, "steering"));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("MEMBER", "STATE", "WEIGHT", "IN FLIGHT", "REQUESTS", "FAILURES", "ID", "LAST FAILURE"));
        addRows(rows, pool, "members", "");
        addRows(rows, pool, "fallback", " (fallback)");
        line.terminal().table(rows);
        return CommandLine.DONE;
    }

    private static void addRows(List<List<String>> rows, Map<?, ?> pool, String key, String note) {
        Object[] members = pool.get(key) instanceof Object[] elements ? elements : new Object[0];
        for (Object element : members) {
            Map<?, ?> one = (Map<?, ?>) element;
            rows.add(List.of(
                    ControlStatus.text(one, "url") + note,
                    ControlStatus.text(one, "state"),
                    ControlStatus.text(one, "weight"),
                    ControlStatus.text(one, "in_flight"),
                    ControlStatus.text(one, "requests"),
                    ControlStatus.text(one, "failures"),
                    ControlStatus.text(one, "id"),
                    ControlStatus.text(one, "last_failure")));
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
