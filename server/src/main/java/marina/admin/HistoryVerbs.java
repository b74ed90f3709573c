package marina.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import marina.config.Directories;
import marina.history.History;
import marina.history.HistoryEntry;
import marina.history.RefusedException;
import marina.history.Rollback;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The verbs {@code history} and {@code rollback}: by the Marina that runs, or by themselves when none does. */
final class HistoryVerbs {
    private final CommandLine line;

    HistoryVerbs(CommandLine line) {
        this.line = line;
    }

    /** The verbs, for picocli. */
    List<Object> all() {
        return List.of(new Show(), new Back());
    }

    /** What a change of files has brought a moment ago, before anybody asked; nothing when it is longer ago. */
    static List<String> lastChange(Directories directories, Duration moment) {
        return new History(directories)
                .current()
                .filter(last -> last.cause().equals("file change")
                        && Instant.now().isBefore(last.at().plus(moment)))
                .map(last -> Stream.concat(
                                Stream.of("The change of the files was noticed and applied before, at " + last.at()
                                        + ":"),
                                last.changed().stream().map(change -> "  " + change))
                        .toList())
                .orElse(List.of());
    }

    private History history() {
        return new History(line.directories());
    }

    private OptionalInt number(String text) {
        OptionalInt number = HistoryCommands.number(text);
        if (number.isEmpty() && !text.isEmpty()) {
            throw new ParameterException(
                    line.picocliSpec().commandLine(),
                    "\"" + text + "\" is no number of a configuration; \"marina.sh history\" lists them");
        }
        return number;
    }

    @Command(name = "history", description = "list the last ten configurations, or show one of them")
    private final class Show implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "NUMBER", description = "show the files of this one")
        private String which = "";

        @Override
        public Integer call() throws IOException {
            OptionalInt number = number(which);
            if (number.isPresent()) {
                return show(number.getAsInt());
            }
            Object[] entries = HistoryCommands.list(history());
            if (line.terminal().json(Map.of("history", entries))) {
                return CommandLine.DONE;
            }
            if (entries.length == 0) {
                line.terminal().complain("no configuration has been applied yet");
                return CommandLine.DONE;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NUMBER", "AT", "CAUSE", "CHANGED"));
            for (Object element : entries) {
                rows.add(row((Map<?, ?>) element));
            }
            line.terminal().table(rows);
            return CommandLine.DONE;
        }

        private List<String> row(Map<?, ?> entry) {
            Object[] changed = entry.get("changed") instanceof Object[] lines ? lines : new Object[0];
            String more = changed.length > 1 ? " (and " + (changed.length - 1) + " more)" : "";
            boolean current = Boolean.TRUE.equals(entry.get("current"));
            return List.of(
                    ControlStatus.text(entry, "number") + (current ? " *" : ""),
                    ControlStatus.text(entry, "at").replaceAll("\\..*Z$", "Z"),
                    ControlStatus.text(entry, "cause"),
                    changed.length == 0 ? "-" : changed[0] + more);
        }

        private int show(int number) throws IOException {
            Optional<HistoryEntry> entry = history().entry(number);
            if (entry.isEmpty()) {
                line.terminal()
                        .complain("there is no configuration " + number
                                + " in the history; \"marina.sh history\" lists them");
                return CommandLine.FAILED;
            }
            Map<String, Object> described = history().describe(entry.get());
            if (line.terminal().json(described)) {
                return CommandLine.DONE;
            }
            line.terminal()
                    .say("# " + number + ", " + entry.get().at() + ", "
                            + entry.get().cause());
            entry.get().changed().forEach(change -> line.terminal().say("#   " + change));
            Map<?, ?> files = described.get("files") instanceof Map<?, ?> map ? map : Map.of();
            files.forEach((file, text) -> {
                line.terminal().say("# --- " + file);
                line.terminal().say(String.valueOf(text).stripTrailing());
            });
            return CommandLine.DONE;
        }
    }

    @Command(name = "rollback", description = "go back to a former configuration, by default to the one before")
    private final class Back implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "NUMBER", description = "as \"history\" lists them")
        private String which = "";

        @Override
        public Integer call() throws IOException {
            OptionalInt number = number(which);
            // Nobody may start Marina meanwhile; the pid file of the lock is another one, because this is no Marina.
            Path run = line.directories().run();
            Optional<InstanceLock> lock = InstanceLock.take(run, run.resolve("rollback.pid"));
            if (lock.isEmpty()) {
                return line.control("POST", "/rollback" + (number.isEmpty() ? "" : "?to=" + number.getAsInt()));
            }
            try {
                return byItself(number);
            } finally {
                lock.get().close();
            }
        }

        /** Without a Marina there is nothing to reload: the next start reads what is put back. */
        private int byItself(OptionalInt number) {
            Rollback rollback = new Rollback(line.directories(), line.loader());
            try {
                Rollback.Plan plan = rollback.plan(line.configFile(), number);
                rollback.carryOut(plan);
                String done = "The files of configuration " + plan.target().number()
                        + " are back; Marina is not running, its next start reads them";
                Map<String, Object> outcome = new LinkedHashMap<>();
                outcome.put("succeeded", true);
                outcome.put("messages", new String[] {done});
                outcome.put("changed", new String[0]);
                if (!line.terminal().json(outcome)) {
                    line.terminal().say(done);
                }
                return CommandLine.DONE;
            } catch (RefusedException e) {
                e.messages().forEach(line.terminal()::complain);
                return CommandLine.FAILED;
            }
        }
    }
}
