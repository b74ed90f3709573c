package marina.context;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.backend.LiveProcesses;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.Directories;
import marina.config.Secrets;
import marina.config.Template;
import marina.database.BackupException;
import marina.database.DatabaseBackup;
import marina.database.DatabaseUrl;
import marina.hook.HookPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database of a context, where it has one, and its copies. Thread-safe; blocks nobody. */
public final class ContextDatabase {
    /** How long a stop waits for the copy; that then goes on in the background. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long requests in flight may go on when a copy is put back. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ContextDatabase.class);

    private final ContextConfig config;
    private final Directories directories;
    private final LiveProcesses processes;
    private final DatabaseCopies.OfPath copies;

    /**
     * The database that a context names.
     *
     * @param processes who runs at its path
     * @param copies of its path
     */
    ContextDatabase(
            ContextConfig config, Directories directories, LiveProcesses processes, DatabaseCopies.OfPath copies) {
        this.config = config;
        this.directories = directories;
        this.processes = processes;
        this.copies = copies;
    }

    /** DATABASE_URL of a WAR with its password masked; empty for what is none. */
    String shownUrl() {
        return config.content()
                .fold(new Content.Cases<>(
                        war -> Secrets.maskUrl(war.database().url()),
                        command -> "",
                        upstream -> "",
                        files -> "",
                        cgi -> ""));
    }

    /** The latest copy since Marina started; empty for none. */
    String lastBackup() {
        return copies.last();
    }

    /** Why the latest copy could not be made; empty when all is well. */
    String backupFailure() {
        return copies.failure();
    }

    /**
     * The copies of the database of a context. Relative files of a WAR are relative to MARINA_BASE, those of a command to
     * its directory.
     *
     * @throws IllegalArgumentException with what to do instead, when its database is no SQLite file
     */
    public static DatabaseBackup backupOf(ContextConfig config, Directories directories) {
        DatabaseUrl url = config.content()
                .fold(new Content.Cases<>(
                        war -> Optional.of(DatabaseUrl.parse(war.database().url(), directories.base())),
                        command -> ofCommand(config, command.directory()),
                        upstream -> Optional.<DatabaseUrl>empty(),
                        files -> Optional.<DatabaseUrl>empty(),
                        cgi -> Optional.<DatabaseUrl>empty()))
                .orElseThrow(() -> new IllegalArgumentException(config.path()
                        + " has no DATABASE_URL; only the SQLite database of a WAR or a command can be copied"));
        Path file = url.file();
        if (file == null) {
            throw new IllegalArgumentException("the database of " + config.path() + " is " + url
                    + ", and Marina copies only SQLite files; use the database's own tools, e.g. pg_dump and pg_restore or"
                    + " mariadb-dump and mariadb");
        }
        return new DatabaseBackup(
                file,
                config.backup().directory(),
                config.path().name(),
                config.backup().keep());
    }

    private static Optional<DatabaseUrl> ofCommand(ContextConfig config, Path directory) {
        Template written = config.env().get("DATABASE_URL");
        return written == null
                ? Optional.empty()
                : Optional.of(DatabaseUrl.parse(written.expand(Map.of("port", "", "socket", "")), directory));
    }

    /** What is done before the hooks of a point; completes, never exceptionally, with an empty text. */
    CompletableFuture<String> before(HookPoint point) {
        if (point == HookPoint.CONTEXT_MIGRATE) {
            makeFolder();
        }
        return point == HookPoint.CONTEXT_STOP ? atStop() : CompletableFuture.completedFuture("");
    }

    /** A migration finds the folder of the database, as the WAR would. */
    private void makeFolder() {
        if (!(config.content() instanceof Content.War war)) {
            return;
        }
        try {
            Path file =
                    DatabaseUrl.parse(war.database().url(), directories.base()).file();
            if (file != null && file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{}: no folder for the database of {}: {}", config.source(), config.path(), e.toString());
        }
    }

    /** Before the stop hooks: completes, never exceptionally, with an empty text when the copy is made or takes too long. */
    private CompletableFuture<String> atStop() {
        if (!config.backup().atStop() || copies.isRestoring()) {
            return CompletableFuture.completedFuture("");
        }
        DatabaseBackup backup = backupOf(config, directories);
        CompletableFuture<String> copy = copies.run(() -> {
                    if (backup.hasDatabase()) {
                        make(backup);
                    }
                    return "";
                })
                .exceptionally(failure -> "");
        return copy.copy()
                .completeOnTimeout("late", PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
                .thenApply(this::complainWhenLate);
    }

    private String complainWhenLate(String late) {
        if (!late.isEmpty()) {
            String reason = "the copy of the database takes longer than " + PATIENCE.toSeconds()
                    + "s; it goes on, but the stop does not wait for it";
            copies.failed(reason);
            LOG.error("{}: context {}: {}", config.source(), config.path(), reason);
        }
        return "";
    }

    /** Copies it now, whether it runs or not; completes with what was done, or with the reason why not. */
    CompletableFuture<String> backup() {
        return attempt(() -> {
            DatabaseBackup backup = backupOf(config, directories);
            return copies.run(() -> describe(make(backup)));
        });
    }

    /** In words: where it is, and whether it is new. */
    public static String describe(DatabaseBackup.Made made) {
        return made.fresh() ? "backup " + made.file() : "nothing has changed since the backup " + made.file();
    }

    /** In words: what it is now and where to find what it was. */
    public static String describe(DatabaseBackup.Restored restored) {
        return "restored from " + restored.backup()
                + restored.before()
                        .map(file -> "; what was there is in " + file)
                        .orElse("");
    }

    private DatabaseBackup.Made make(DatabaseBackup backup) throws BackupException {
        try {
            DatabaseBackup.Made made = backup.make();
            copies.made(made.file().toString());
            LOG.debug("Context {}: {}", config.path(), describe(made));
            return made;
        } catch (BackupException e) {
            copies.failed(String.valueOf(e.getMessage()));
            LOG.error(
                    "{}: context {}: no backup: {}. Then run \"marina.sh backup {}\"",
                    config.source(),
                    config.path(),
                    e.getMessage(),
                    config.path());
            throw e;
        } catch (RuntimeException | Error e) {
            copies.failed(e.toString());
            LOG.error("{}: context {}: no backup", config.source(), config.path(), e);
            throw e;
        }
    }

    /**
     * Puts a copy in its place while nothing runs at the path, and keeps whoever wants to start out meanwhile.
     *
     * @param file a path, or the name of a copy; empty for the newest
     * @param context is stopped for it, and started again when it ran
     */
    CompletableFuture<String> restore(String file, MountedContext context) {
        return attempt(() -> {
            DatabaseBackup backup = backupOf(config, directories);
            // Before the stop, of which another copy may come.
            return copies.run(() -> backup.find(file)).thenCompose(found -> restore(backup, found, context));
        });
    }

    private CompletableFuture<String> restore(DatabaseBackup backup, Path found, MountedContext context) {
        int running = context.status().runningInstances();
        copies.restoring(true);
        LiveProcesses.Rest rest = processes.rest();
        CompletableFuture<String> restored = context.stop(DRAIN)
                .thenCompose(stopped -> soon(rest.begun()))
                .thenCompose(alone -> copies.run(() -> describe(backup.restore(found))))
                .whenComplete((done, failure) -> {
                    copies.restoring(false);
                    rest.end();
                });
        return restored.handle((done, failure) -> running)
                .thenCompose(instances -> startAgain(context, instances))
                .thenCompose(started -> restored.thenApply(done -> done + started));
    }

    private static CompletableFuture<String> soon(CompletableFuture<String> rest) {
        return rest.completeOnTimeout("busy", PATIENCE.toNanos(), TimeUnit.NANOSECONDS)
                .thenCompose(begun -> begun.isEmpty()
                        ? rest
                        : CompletableFuture.failedFuture(new IllegalStateException("another process of it still runs,"
                                + " perhaps of a restart; try again. The database is as it was")));
    }

    private static CompletableFuture<String> startAgain(MountedContext context, int instances) {
        return instances == 0
                ? CompletableFuture.completedFuture("")
                : context.start(instances)
                        .handle((done, failure) -> failure == null
                                ? "; started again"
                                : "; it did not start again: " + Failures.reason(failure));
    }

    private static CompletableFuture<String> attempt(Supplier<CompletableFuture<String>> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
