package marina.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import marina.config.ContextConfig;
import marina.config.ServerConfig;
import marina.context.ContextDatabase;
import marina.database.BackupException;
import marina.database.DatabaseBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verbs {@code backup} and {@code restore}: by the Marina that runs, or by themselves when none does. */
final class DatabaseVerbs {
    private final CommandLine line;

    DatabaseVerbs(CommandLine line) {
        this.line = line;
    }

    /** The verbs, for picocli. */
    List<Object> all() {
        return List.of(new Backup(), new Restore());
    }

    private int control(String verb, String path, String file) throws IOException {
        return line.control("POST", "/contexts/" + verb + "?path=" + encode(path) + "&file=" + encode(file));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private interface Work {
        String run(DatabaseBackup backup) throws BackupException;
    }

    /** Without a Marina: what it would do, from the same configuration. */
    private int byItself(String path, Work work) {
        Optional<ServerConfig> config = line.load();
        if (config.isEmpty()) {
            return CommandLine.FAILED;
        }
        String bare = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        Optional<ContextConfig> context = config.get().contexts().values().stream()
                .filter(one -> one.path().value().equals(bare))
                .findFirst();
        if (context.isEmpty()) {
            line.terminal().complain("there is no context " + path + "; \"marina.sh dump\" shows them");
            return CommandLine.FAILED;
        }
        try {
            String done = line.terminal()
                    .progress("copying")
                    .during(() -> work.run(ContextDatabase.backupOf(context.get(), line.directories())));
            line.terminal().say(bare + ": " + done);
            return CommandLine.DONE;
        } catch (BackupException | IllegalArgumentException e) {
            line.terminal().complain(bare + ": " + e.getMessage());
            return CommandLine.FAILED;
        }
    }

    @Command(name = "backup", description = "copy the SQLite database of a context, whether it runs or not")
    private final class Backup implements Callable<Integer> {
        @Parameters(paramLabel = "PATH", description = "its path, for example /sam/list1")
        private String path = "";

        @Override
        public Integer call() throws IOException {
            if (InstanceLock.isHeld(line.directories().run())) {
                return control("backup", path, "");
            }
            return byItself(path, backup -> ContextDatabase.describe(backup.make()));
        }
    }

    @Command(name = "restore", description = "put a copy in the place of the SQLite database of a context")
    private final class Restore implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "PATH", description = "its path, for example /sam/list1")
        private String path = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "FILE",
                description = "a file, or the name of a copy; the newest copy when it is left out")
        private String file = "";

        @Override
        public Integer call() throws IOException {
            // Nobody may start Marina meanwhile; the pid file of the lock is another one, because this is no Marina.
            Path run = line.directories().run();
            Optional<InstanceLock> lock = InstanceLock.take(run, run.resolve("restore.pid"));
            if (lock.isEmpty()) {
                return control("restore", path, absolute(file));
            }
            try {
                return byItself(path, backup -> ContextDatabase.describe(backup.restore(backup.find(absolute(file)))));
            } finally {
                lock.get().close();
            }
        }

        /** Marina has another working directory. */
        private String absolute(String text) {
            try {
                Path here = Path.of(text).toAbsolutePath();
                return !text.isEmpty() && Files.isRegularFile(here) ? here.toString() : text;
            } catch (InvalidPathException e) {
                return text;
            }
        }
    }
}
