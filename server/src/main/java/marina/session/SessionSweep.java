package marina.session;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.config.SessionPlace;
import org.eclipse.jetty.session.SessionManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions whose time has come, those of all applications of a server, with one timer. Sessions of applications that
 * do not run stay for a day after their end, so that an application that starts meanwhile is told of it. Thread-safe.
 */
public final class SessionSweep {
    private static final Logger LOG = LoggerFactory.getLogger(SessionSweep.class);
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Duration ROUND = Duration.ofMinutes(10);
    private static final Duration FAREWELL = Duration.ofDays(1);

    private final Path folder;
    private final Executor executor;
    private final Set<LiveSessions> running = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<LiveSessions>> byName = new ConcurrentHashMap<>();

    /**
     * Sessions of no application yet.
     *
     * @param folder has the session files of all applications, one folder for each
     * @param timer keeps the time, and does nothing else
     * @param executor runs code of applications
     */
    public SessionSweep(Path folder, ScheduledExecutorService timer, Executor executor) {
        this.folder = folder;
        this.executor = executor;
        var unused = timer.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        unused = timer.scheduleWithFixedDelay(
                () -> executor.execute(this::sweepFiles), TICK.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Gives the application that is about to start its sessions.
     *
     * @param manager of the application
     * @param version of several that are served beside each other; empty when there is but one
     * @param database of the application, asked for when it keeps the sessions
     */
    public void install(
            SessionManager manager,
            String contextPath,
            String version,
            SessionPlace place,
            Supplier<SessionDatabase> database) {
        String name = SessionFiles.folderName(contextPath, version);
        SessionShelf shelf = shelf(name, place, database);
        manager.setSessionIdManager(new SessionIds(manager, version));
        manager.setSessionCache(
                new LiveSessions(manager, name, shelf == null ? null : new SessionStore(shelf, contextPath), this));
    }

    /** Counts the sessions of an application, whether it runs or not; parameters as for {@link #install}. */
    public SessionCensus census(
            String contextPath, String version, SessionPlace place, Supplier<SessionDatabase> database) {
        String name = SessionFiles.folderName(contextPath, version);
        return new SessionCensus(
                () -> byName.getOrDefault(name, Set.of()),
                shelf(name, place, database),
                place == SessionPlace.DATABASE ? TICK : Duration.ZERO);
    }

    private @Nullable SessionShelf shelf(String name, SessionPlace place, Supplier<SessionDatabase> database) {
        return switch (place) {
            case MEMORY -> null;
            case FILE -> new SessionFiles(folder.resolve(name));
            case DATABASE -> {
                SessionDatabase own = database.get();
                yield new SessionTable(own.source(), own.end(), name);
            }
        };
    }

    void add(LiveSessions sessions) {
        running.add(sessions);
        byName.compute(sessions.name(), (name, all) -> {
            Set<LiveSessions> those = all == null ? ConcurrentHashMap.newKeySet() : all;
            those.add(sessions);
            return those;
        });
    }

    void remove(LiveSessions sessions) {
        running.remove(sessions);
        byName.computeIfPresent(sessions.name(), (name, all) -> {
            all.remove(sessions);
            return all.isEmpty() ? null : all;
        });
    }

    private void tick() {
        try {
            running.forEach(sessions -> executor.execute(sessions::expire));
        } catch (RuntimeException e) {
            // A server that stops takes no more work.
            LOG.debug("No sessions ended", e);
        }
    }

    private void sweepFiles() {
        long time = System.currentTimeMillis() - FAREWELL.toMillis();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
            folders.forEach(each -> sweep(each, time));
        } catch (NoSuchFileException e) {
            LOG.debug("No sessions yet: {}", folder);
        } catch (IOException e) {
            LOG.warn("Cannot list {}: {}", folder, e.toString());
        }
    }

    /** The folder of an application that runs as somebody else is not ours to read. */
    private static void sweep(Path files, long time) {
        try {
            new SessionFiles(files).sweep(time);
        } catch (IOException e) {
            LOG.debug("Not swept: {}", files, e);
        }
    }
}
