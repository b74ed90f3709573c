package marina.admin;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The second half of {@code start}: waits until the Marina in the background answers or has ended, and says which. */
final class Starting {
    /** A start hook may take as long as it likes; whoever does not want to wait ends this command. */
    private static final Duration FOR_EVER = Duration.ofDays(1);

    /** So many are all listed; of more, the first ones. */
    private static final int MOST_CONTEXTS = 12;

    private static final int FEWER_CONTEXTS = 10;

    private static final int MAX_OUTPUT_BYTES = 8 * 1024;

    private final ControlClient client;
    private final Terminal terminal;

    Starting(ControlClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /**
     * Waits.
     *
     * @param pid the process that was started
     * @param output what it prints
     * @param from where its output begins in that file
     */
    int await(long pid, Path output, long from) throws IOException {
        boolean answered = LiveProcess.await(() -> answers(pid) || !LiveProcess.runs(pid), FOR_EVER);
        if (answered && answers(pid)) {
            started(ControlStatus.of(client.send("GET", "/status")));
            return CommandLine.DONE;
        }
        terminal.complain("Marina did not start.");
        terminal.complain(tail(output, from));
        return CommandLine.FAILED;
    }

    private void started(ControlStatus status) throws IOException {
        terminal.say("Marina started: pid " + status.pid() + ", " + String.join(" ", status.urls()));
        Object[] contexts = ControlStatus.items(client.send("GET", ControlStatus.CONTEXTS));
        terminal.table(Arrays.stream(contexts)
                .limit(contexts.length > MOST_CONTEXTS ? FEWER_CONTEXTS : MOST_CONTEXTS)
                .map(context -> (Map<?, ?>) context)
                .map(context ->
                        List.of("  " + ControlStatus.text(context, "url"), ControlStatus.text(context, "description")))
                .toList());
        if (contexts.length > MOST_CONTEXTS) {
            terminal.say(
                    "  and " + (contexts.length - FEWER_CONTEXTS) + " more; \"marina.sh contexts\" lists them all");
        }
        status.consoles().forEach(url -> terminal.say("Console: " + url + "/console/"));
    }

    /** Whether it is this Marina that answers, and not one that runs already. */
    private boolean answers(long pid) {
        try {
            return ControlStatus.of(client.send("GET", "/status")).pid() == pid;
        } catch (IOException e) {
            return false; // it does not listen yet
        }
    }

    private static String tail(Path output, long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            long start = Math.max(from, file.length() - MAX_OUTPUT_BYTES);
            file.seek(start);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
        }
    }
}
