package marina.webapp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.naming.NamingException;
import javax.sql.DataSource;
import marina.config.Content;
import marina.config.DatabaseConfig;
import marina.config.EeLevel;
import marina.config.FileStamp;
import marina.config.WebConfig;
import marina.database.DatabaseUrl;
import marina.leak.LeakGuard;
import marina.session.SessionCensus;
import marina.session.SessionDatabase;
import marina.session.SessionSweep;
import marina.user.UserFiles;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.Environment;

/**
 * Hosts WARs in this JVM: one class loader per EE level, made when its first WAR starts; each archive unpacked once per
 * content below the work folder. Thread-safe.
 */
public final class WarHost implements AutoCloseable {
    /** An idle context may not have been asked for all week. */
    private static final Duration UNUSED = Duration.ofDays(7);

    /** A session is written in an instant. */
    private static final int SESSION_CONNECTIONS = 2;

    private final Server server;
    private final EeEnvironments environments;
    private final WorkFolder work;
    private final WarStore store;
    private final LeakGuard leaks;
    private final UserFiles users;
    private final OperatorDefaults defaults = new OperatorDefaults();
    private final Map<Path, EeLevel> levels = new ConcurrentHashMap<>();
    private final Map<Path, List<String>> resources = new ConcurrentHashMap<>();
    private final SharedClasses classes = new SharedClasses();
    private final PoolBeans beans;
    private final ScheduledThreadPoolExecutor housekeeper;
    private final SessionSweep sessions;

    /**
     * Where its files are.
     *
     * @param lib the installation's lib folder, with ee8 … ee11 below it
     * @param work the instance's work folder
     * @param data the instance's data folder, where sessions are kept
     */
    public record Folders(Path lib, Path work, Path data) {}

    /**
     * A host without WARs; deletes the temporary files that processes which are gone have left in the work folder, and
     * unpacked archives that nobody has used for a week.
     *
     * @param server whose threads and scheduler the web applications use; it must be started before the first WAR is
     * @param mbeans shows the pools
     * @param leaks cleans up after applications that have stopped
     * @param users who may log in to them
     */
    public WarHost(Server server, Folders folders, Supplier<MBeanServer> mbeans, LeakGuard leaks, UserFiles users) {
        this.server = server;
        this.leaks = leaks;
        this.users = users;
        beans = new PoolBeans(mbeans);
        environments = new EeEnvironments(folders.lib());
        environments.hideMarinaFrom(server);
        this.work = new WorkFolder(folders.work().toAbsolutePath().normalize());
        this.work.sweep();
        this.work.prune(Instant.now().minus(UNUSED));
        store = new WarStore(this.work);
        housekeeper = new ScheduledThreadPoolExecutor(1, new MarinaThreads("database-pools"));
        housekeeper.setRemoveOnCancelPolicy(true);
        sessions = new SessionSweep(folders.data().resolve("sessions"), housekeeper, server.getThreadPool());
    }

    /**
     * Unpacks, configures and starts a WAR; blocks for as long as that takes.
     *
     * @throws WarFailedException with the archive and the reason; then nothing of it is left
     */
    public HostedWar start(WarSettings settings) throws WarFailedException {
        return start(settings, FileStamp.of(settings.archive()));
    }

    /**
     * As {@link #start(WarSettings)}, with a certain content of its archive.
     *
     * @param stamp of the archive when its context was configured
     * @throws WarFailedException with the archive and the reason; then nothing of it is left
     */
    public HostedWar start(WarSettings settings, FileStamp stamp) throws WarFailedException {
        // A thread keeps what started it reachable, so the pools' thread must not be started by an application.
        housekeeper.prestartCoreThread();
        WarFiles files = store.use(settings.archive(), stamp);
        try {
            return start(settings, files);
        } catch (WarFailedException | RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }

    /** From now on, what is unpacked for these contents is kept, whatever becomes of the archives; other files go. */
    public void keep(Collection<Content.War> contents) {
        store.keep(contents);
    }

    /** The database connections of the WARs that run, by the path of their context. */
    public Map<String, PoolMXBean> pools() {
        return beans.all();
    }

    /** Gives up the database connections of all WARs, because the other ends may have forgotten them. */
    public void evictConnections() {
        beans.evict();
    }

    private HostedWar start(WarSettings settings, WarFiles files) throws WarFailedException {
        Path folder = files.folder();
        Descriptor descriptor = Descriptor.of(folder);
        EeLevel level = levelOf(settings.archive(), settings.level(), folder, descriptor);
        Environment environment = environments.get(level);
        DatabasePool pool = pool(settings);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(environment.getClassLoader());
        try {
            Path temp = work.newTemp(settings.contextPath().replaceAll("[^A-Za-z0-9]+", "_"));
            WebApp webApp =
                    WebApp.create(server, environment, level, settings.web().errorPages());
            webApp.remember(environment, files, temp);
            HostedWar war = new HostedWar(webApp, level, pool, files, temp, leaks);
            if (settings.sharedClasses()) {
                classes.share(settings, folder, war, webApp);
            }
            start(war, webApp, settings, new Place(folder, temp, descriptor));
            pool.show(beans, settings.name());
            return war;
        } catch (IOException e) {
            pool.close();
            throw new WarFailedException(settings.archive() + " has no place for its temporary files: " + e, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Counts the sessions of a WAR, whether it runs or not, in this JVM or in one of its own. */
    public SessionCensus sessions(WarSettings settings) {
        // Asked now and then, and nobody says when for the last time: nothing must stay open.
        try {
            return sessions.census(
                    settings.contextPath(),
                    settings.version(),
                    settings.sessions(),
                    () -> new SessionDatabase(
                            new LibraryDataSource(
                                    DatabaseUrl.parse(settings.database().url(), settings.base())),
                            () -> {}));
        } catch (IllegalArgumentException e) {
            return SessionCensus.NONE; // the start says what is wrong with the URL
        }
    }

    private record Place(Path folder, Path temp, Descriptor descriptor) {}

    private void start(HostedWar war, WebApp webApp, WarSettings settings, Place place) throws WarFailedException {
        try {
            configure(webApp, war, settings, place);
            webApp.handler().start();
            Files.deleteIfExists(overrides(place));
        } catch (Exception | Error e) {
            WarFailedException failure =
                    StartFailure.of(settings.archive(), e, webApp.handler().getClassLoader());
            war.stop();
            throw failure;
        }
    }

    private void configure(WebApp webApp, HostedWar war, WarSettings settings, Place place)
            throws IOException, NamingException {
        Map<String, String> entries = new HashMap<>(settings.entries());
        entries.put("DATABASE_URL", settings.database().url());
        webApp.mount(settings.contextPath(), place.folder(), place.temp().resolve("temp"));
        webApp.secure(settings.contextPath(), realm(settings, place.descriptor()));
        sessions.install(
                webApp.sessionManager(),
                settings.contextPath(),
                settings.version(),
                settings.sessions(),
                () -> sessionDatabase(settings));
        WebConfig web = settings.web();
        if (web.hasDefaults()) {
            webApp.defaults(defaults, web, place.temp().resolve("defaults-web.xml"));
        }
        webApp.override(overrides(place), entries, web, defaults.listings(web));
        webApp.apply(web);
        Map<String, DataSource> sources = new HashMap<>();
        sources.put(settings.database().jndi(), war.dataSource());
        place.descriptor().dataSources().forEach(name -> sources.put(name, war.dataSource()));
        annotated(settings, place).stream()
                .filter(name -> !entries.containsKey(name))
                .forEach(name -> sources.put(name, war.dataSource()));
        webApp.bind(entries, sources);
    }

    private WarRealm realm(WarSettings settings, Descriptor descriptor) {
        String name = descriptor.realm().isEmpty() ? "Restricted" : descriptor.realm();
        return new WarRealm(name, users.of(settings.web().users()));
    }

    private List<String> annotated(WarSettings settings, Place place) {
        if (Files.isDirectory(settings.archive())) {
            return ResourceNames.of(place.folder(), place.descriptor());
        }
        return resources.computeIfAbsent(place.folder(), folder -> ResourceNames.of(folder, place.descriptor()));
    }

    private static Path overrides(Place place) {
        return place.temp().resolve("override-web.xml");
    }

    private SessionDatabase sessionDatabase(WarSettings settings) {
        DatabaseConfig database = settings.database();
        DatabasePool pool = new DatabasePool(
                settings.name() + " sessions",
                new DatabaseConfig(database.url(), SESSION_CONNECTIONS, database.jndi()),
                settings.base(),
                housekeeper);
        return new SessionDatabase(pool.dataSource(), pool::close);
    }

    private DatabasePool pool(WarSettings settings) throws WarFailedException {
        try {
            return new DatabasePool(settings.name(), settings.database(), settings.base(), housekeeper);
        } catch (IllegalArgumentException e) {
            throw new WarFailedException(settings.archive() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * The level that an archive is hosted with. Unpacks it when nobody has done so before; blocks.
     *
     * @throws WarFailedException when it cannot be looked into
     */
    public EeLevel levelOf(Content.War war) throws WarFailedException {
        if (war.level() != EeLevel.AUTO) {
            return war.level();
        }
        try (WarFiles files = store.use(war.archive(), war.stamp())) {
            return levelOf(war.archive(), war.level(), files.folder(), Descriptor.of(files.folder()));
        }
    }

    private EeLevel levelOf(Path archive, EeLevel asked, Path folder, Descriptor descriptor) {
        if (asked != EeLevel.AUTO) {
            return asked;
        }
        if (Files.isDirectory(archive)) {
            // An exploded WAR is edited in place.
            return LevelDetection.of(folder, descriptor);
        }
        return levels.computeIfAbsent(folder, unpacked -> LevelDetection.of(unpacked, descriptor));
    }

    /** Closes what all WARs share; they have to be stopped before. */
    @Override
    public void close() {
        housekeeper.shutdownNow();
    }
}
