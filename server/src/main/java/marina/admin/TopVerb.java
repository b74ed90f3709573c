package marina.admin;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verb {@code top}: the contexts that have the most to do, on a screen that follows. */
@Command(name = "top", description = "watch the contexts: requests per second, memory, state; q ends it")
final class TopVerb implements Callable<Integer> {
    private static final double LEAST_SECONDS = 0.2;
    private static final double FIRST_SECONDS = 1;

    private final CommandLine line;
    private final Map<String, String> environment;

    @Option(names = "-n", paramLabel = "COUNT", description = "print so many times, as plain lines, and end")
    private int count;

    @Option(names = "-d", paramLabel = "SECONDS", defaultValue = "2", description = "between two looks: 2, 0.5")
    private double seconds;

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            defaultValue = "rate",
            description = "rate, requests, memory, state or path")
    private String sort = "rate";

    TopVerb(CommandLine line, Map<String, String> environment) {
        this.line = line;
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        TopOrder order = TopOrder.of(sort);
        if (order == null) {
            line.terminal()
                    .complain("there is no column \"" + sort + "\"; write rate, requests, memory, state or path");
            return CommandLine.WRONG_USAGE;
        }
        if (count < 0 || !(seconds >= LEAST_SECONDS)) {
            line.terminal().complain("-n needs a number, and -d at least " + LEAST_SECONDS + " seconds");
            return CommandLine.WRONG_USAGE;
        }
        try {
            boolean screen = count == 0
                    && !line.terminal().isForPrograms()
                    && "tty".equals(environment.get("MARINA_STDOUT"))
                    && !"dumb".equals(environment.get("TERM"));
            return screen ? onScreen(order) : inLines(order);
        } catch (SocketException e) {
            return line.noAnswer(e);
        }
    }

    /** A look at the server. */
    private TopSample look(TopSample before) throws IOException {
        return TopSample.of(
                line.ask("/status").json(),
                ControlStatus.items(line.ask(ControlStatus.CONTEXTS)),
                before,
                System.nanoTime());
    }

    private int inLines(TopOrder order) throws IOException {
        TopSample sample = look(TopSample.NONE);
        for (int i = 0; i < Math.max(1, count); i++) {
            pause(i == 0 ? FIRST_SECONDS : seconds);
            sample = look(sample);
            if (line.terminal().isForPrograms()) {
                line.terminal().jsonLine(sample.toMap(order));
            } else {
                sample.head().forEach(line.terminal()::say);
                line.terminal().table(sample.rows(order));
            }
        }
        return CommandLine.DONE;
    }

    private int onScreen(TopOrder order) throws IOException {
        try (TopScreen screen = new TopScreen(Look.of(environment), order)) {
            TopSample sample = look(TopSample.NONE);
            screen.show(sample);
            double next = FIRST_SECONDS;
            while (screen.waitFor(Duration.ofMillis((long) (next * 1000)), sample)) {
                sample = look(sample);
                screen.show(sample);
                next = seconds;
            }
            return CommandLine.DONE;
        }
    }

    private static void pause(double seconds) {
        long until = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
