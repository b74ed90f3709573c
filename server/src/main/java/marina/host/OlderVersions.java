package marina.host;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.VersionOrder;
import marina.context.MountedContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of WARs that are not the highest of their context and still have sessions: mounted behind the highest one, lazy
 * and idle as all contexts, gone when their last session has ended. Requests read immutable maps; changes come from the thread that
 * applies configurations, from successors that become ready, and from a timer. Thread-safe.
 */
final class OlderVersions implements Mounts.Legacy {
    private static final Logger LOG = LoggerFactory.getLogger(OlderVersions.class);
    private static final long LOOK_SECONDS = 2;

    private final Mounts mounts;
    private final ContextMaker maker;
    private final HostListener listener;
    private final VersionTable table = new VersionTable();
    private final Set<MountedContext> promised = ConcurrentHashMap.newKeySet();
    private final Map<MountedContext, ContextConfig> starting = new ConcurrentHashMap<>();
    private volatile Map<ContextPath, List<ContextConfig>> wanted = Map.of();
    private volatile Executor executor = Runnable::run;
    private volatile boolean closed;

    /** None yet. */
    OlderVersions(Mounts mounts, ContextMaker maker, HostListener listener) {
        this.mounts = mounts;
        this.maker = maker;
        this.listener = listener;
    }

    /** Looks now and then which of them have no session any more. */
    void watch(ScheduledExecutorService scheduler, Executor worker) {
        executor = worker;
        var unused = scheduler.scheduleWithFixedDelay(
                () -> soon(this::removeUnused), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Where requests find them. */
    VersionTable table() {
        return table;
    }

    /** All of them, by path, the higher versions first. */
    Collection<MountedContext> all() {
        return table.all()
                .filter(version -> !isHighest(version))
                .sorted(Comparator.comparing(MountedContext::path)
                        .thenComparing(version -> version.config().version(), new VersionOrder().reversed()))
                .toList();
    }

    /** The one that is called this: {@code /shop##1}. */
    Optional<MountedContext> named(String name) {
        return all().stream()
                .filter(version -> version.versionName().equals(name))
                .findFirst();
    }

    /** What is to be kept from now on when it is replaced; {@link #apply} follows when all else is mounted. */
    void expect(Map<ContextPath, List<ContextConfig>> older) {
        wanted = older;
    }

    /**
     * Mounts those that have sessions, goes over to others where their archives or rules have changed, and takes away those that are
     * not wanted any more. May ask the disk.
     *
     * @return one for each that starts for that: completes with what went wrong, or empty
     */
    List<CompletableFuture<Optional<String>>> apply() {
        List<CompletableFuture<Optional<String>>> steps = new ArrayList<>();
        for (MountedContext version : all()) {
            Optional<ContextConfig> config = wanted(version);
            if (config.isPresent()) {
                change(version, config.get()).ifPresent(steps::add);
            } else if (!promised.contains(version)) {
                LOG.info("Context {} unmounted: nothing names its archive; its sessions end", version.versionName());
                leave(version);
            }
        }
        wanted.values().stream().flatMap(List::stream).forEach(this::addWithSessions);
        return steps;
    }

    /** Whether {@link #takeBack} would give something. */
    boolean has(ContextConfig config) {
        MountedContext version = table.find(config.path(), config.version());
        return version != null && !isHighest(version) && version.config().hasApplicationOf(config);
    }

    /** What runs already of a version that is the highest one now. */
    Optional<MountedContext> takeBack(ContextConfig config) {
        MountedContext version = has(config) ? table.find(config.path(), config.version()) : null;
        if (version == null) {
            return Optional.empty();
        }
        promised.add(version);
        return version.config().equals(config) ? Optional.of(version) : maker.createAround(version, config);
    }

    /** Has a fresh instance of a version take over from the one that runs; completes with what went wrong, or empty. */
    CompletableFuture<Optional<String>> restart(MountedContext version) {
        return replace(version, version.config());
    }

    /** All of them stop for good. */
    CompletableFuture<Void> stop(Duration drain) {
        closed = true;
        return CompletableFuture.allOf(Stream.concat(starting.keySet().stream(), table.all())
                .map(version -> version.retire(drain))
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public boolean keep(MountedContext replaced) {
        boolean stays = wanted(replaced)
                .filter(config -> replaced.config().hasApplicationOf(config))
                .isPresent();
        return stays && !closed && table.add(replaced);
    }

    @Override
    public void replaced(MountedContext before, boolean kept) {
        if (kept) {
            listener.olderMounted(before);
            LOG.info("Context {} goes on with its sessions, behind a higher version", before.versionName());
        } else if (!before.config().version().isEmpty() && isGone(before)) {
            LOG.info("Context {} is replaced, and nothing names its archive; its sessions end", before.versionName());
        }
        soon(() -> wanted.getOrDefault(before.path(), List.of()).forEach(this::addWithSessions));
    }

    /** Now it is the highest one, and its sessions are there. */
    @Override
    public void mounted(MountedContext context) {
        MountedContext older = table.find(context.path(), context.config().version());
        if (older != null) {
            promised.remove(older);
            table.remove(older);
            listener.olderUnmounted(older);
        }
    }

    @Override
    public void retired(MountedContext context) {
        MountedContext older = table.find(context.path(), context.config().version());
        if (older != null && (promised.remove(older) || older.equals(context))) {
            table.remove(older);
        }
    }

    private boolean isHighest(MountedContext version) {
        return mounts.at(version.path()).filter(version::equals).isPresent();
    }

    private boolean isGone(MountedContext version) {
        boolean highest = mounts.at(version.path())
                .filter(now -> now.config().version().equals(version.config().version()))
                .isPresent();
        return !highest && wanted(version).isEmpty();
    }

    /** What is wanted of the same version. */
    private Optional<ContextConfig> wanted(MountedContext version) {
        return wanted.getOrDefault(version.path(), List.of()).stream()
                .filter(config -> config.version().equals(version.config().version()))
                .findFirst();
    }

    private void addWithSessions(ContextConfig config) {
        boolean there = table.find(config.path(), config.version()) != null
                || mounts.at(config.path())
                        .filter(highest -> highest.config().version().equals(config.version()))
                        .isPresent();
        if (there || closed) {
            return;
        }
        MountedContext fresh = maker.create(config);
        if (!hasSessions(fresh)) {
            return; // was never asked for anything, so nothing of it runs
        }
        if (table.add(fresh)) {
            listener.olderMounted(fresh);
            LOG.info("Context {} mounted for its sessions ({})", fresh.versionName(), config.source());
        }
    }

    private static boolean hasSessions(MountedContext version) {
        try {
            return !version.sessions().isEmpty();
        } catch (IOException e) {
            LOG.warn(
                    "Context {}: nobody can tell whether it has sessions, so it stays: {}",
                    version.versionName(),
                    e.toString());
            return true;
        }
    }

    private Optional<CompletableFuture<Optional<String>>> change(MountedContext version, ContextConfig config) {
        if (version.config().equals(config) || starting.containsValue(config)) {
            return Optional.empty();
        }
        if (version.config().hasApplicationOf(config)) {
            maker.createAround(version, config).ifPresent(same -> exchange(version, same));
            return Optional.empty();
        }
        return Optional.of(replace(version, config));
    }

    /** The fresh one takes over when it is ready, where the other one runs; else at once. */
    private CompletableFuture<Optional<String>> replace(MountedContext version, ContextConfig config) {
        MountedContext fresh = maker.create(config);
        int instances = version.status().runningInstances();
        if (instances == 0) {
            takeOver(version, fresh);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        starting.put(fresh, config);
        return fresh.start(instances).handle((done, failure) -> {
            starting.remove(fresh);
            boolean latest = wanted(version).filter(config::equals).isPresent();
            if (failure == null && latest) {
                takeOver(version, fresh);
                return Optional.<String>empty();
            }
            mounts.retire(fresh);
            String reason = failure == null
                    ? config.source() + ": context " + fresh.versionName() + " was superseded while it started"
                    : Successions.describe(fresh.config(), failure);
            return Optional.of(reason + "; the one before it goes on serving");
        });
    }

    private void takeOver(MountedContext version, MountedContext fresh) {
        if (exchange(version, fresh)) {
            mounts.retire(version);
        } else {
            mounts.retire(fresh); // the version has left meanwhile
        }
    }

    private boolean exchange(MountedContext version, MountedContext other) {
        boolean exchanged = table.replace(version, other);
        if (exchanged) {
            listener.olderMounted(other);
        }
        return exchanged;
    }

    private void removeUnused() {
        for (MountedContext version : all()) {
            boolean busy = version.status().backend().leases() > 0 || promised.contains(version);
            if (!busy && !hasSessions(version)) {
                LOG.info("Context {} unmounted: its last session has ended", version.versionName());
                leave(version);
            }
        }
    }

    private void leave(MountedContext version) {
        table.remove(version);
        listener.olderUnmounted(version);
        mounts.retire(version);
    }

    private void soon(Runnable work) {
        try {
            executor.execute(() -> {
                if (!closed) {
                    work.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The server stops", e);
        }
    }
}
