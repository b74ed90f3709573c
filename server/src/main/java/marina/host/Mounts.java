package marina.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import marina.config.ContextConfig;
import marina.config.ContextPath;
import marina.config.PathMap;
import marina.context.MountedContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is mounted, and what is on its way out. Requests read one volatile field; changes swap an immutable table.
 * Thread-safe.
 */
final class Mounts {
    private static final Logger LOG = LoggerFactory.getLogger(Mounts.class);

    /** How long a replaced or removed context may finish what it has begun. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    private final HostListener listener;
    private final Consumer<ContextPath> forget;
    private final Consumer<MountedContext> afterRetirement;
    private final Set<MountedContext> leaving = ConcurrentHashMap.newKeySet();
    private volatile Legacy legacy = Legacy.NONE;
    private volatile MountTable<MountedContext> table = new MountTable<>(Map.of());
    private volatile PathMap<ContextConfig> configs = PathMap.empty();

    /**
     * Nothing mounted.
     *
     * @param forget called when the last generation of a path is gone
     * @param afterRetirement called with each generation that is gone
     */
    Mounts(HostListener listener, Consumer<ContextPath> forget, Consumer<MountedContext> afterRetirement) {
        this.listener = listener;
        this.forget = forget;
        this.afterRetirement = afterRetirement;
    }

    /** What becomes of contexts that are replaced. Called by whoever mounts; must return quickly. */
    interface Legacy {
        /** All are retired. */
        Legacy NONE = new Legacy() {
            @Override
            public boolean keep(MountedContext replaced) {
                return false;
            }

            @Override
            public void replaced(MountedContext before, boolean kept) {}

            @Override
            public void mounted(MountedContext context) {}

            @Override
            public void retired(MountedContext context) {}
        };

        /** Whether a context goes on in another place, where it is found from now on, instead of being retired. */
        boolean keep(MountedContext replaced);

        /** Another one is mounted in its place. */
        void replaced(MountedContext before, boolean kept);

        /** Is mounted now. */
        void mounted(MountedContext context);

        /** Is about to be retired. */
        void retired(MountedContext context);
    }

    /** To be called once, before anything is mounted. */
    void bequeathTo(Legacy heir) {
        legacy = heir;
    }

    /** As it is now; what a request looks its path up in. */
    MountTable<MountedContext> table() {
        return table;
    }

    /** What they were made from. */
    PathMap<ContextConfig> configs() {
        return configs;
    }

    private synchronized void change(SortedMap<ContextPath, @Nullable MountedContext> changes) {
        SortedMap<ContextPath, @Nullable ContextConfig> wanted = new TreeMap<>();
        changes.forEach((path, context) -> wanted.put(path, context == null ? null : context.config()));
        table = table.with(changes);
        configs = configs.with(wanted);
    }

    /** All mounted contexts, by path. */
    Collection<MountedContext> all() {
        return table.mounts().values();
    }

    /** What is mounted at exactly this path. */
    Optional<MountedContext> at(ContextPath path) {
        return Optional.ofNullable(table.mounts().get(path));
    }

    @SuppressWarnings("ReferenceEquality") // just that one
    private boolean isMounted(MountedContext context) {
        return table.mounts().get(context.path()) == context;
    }

    /** Swaps the table once and then retires what it no longer holds. */
    void swap(List<MountedContext> mounted, Collection<ContextPath> removed) {
        List<MountedContext> replaced = new ArrayList<>();
        List<MountedContext> gone = new ArrayList<>();
        List<MountedContext> kept;
        synchronized (this) {
            SortedMap<ContextPath, @Nullable MountedContext> changes = new TreeMap<>();
            removed.forEach(path -> at(path).ifPresent(context -> {
                gone.add(context);
                changes.put(path, null);
            }));
            mounted.forEach(context -> {
                at(context.path()).ifPresent(replaced::add);
                changes.put(context.path(), context);
            });
            kept = replaced.stream().filter(legacy::keep).toList();
            change(changes);
        }
        mounted.forEach(this::announce);
        gone.forEach(context -> {
            listener.unmounted(context);
            LOG.info("Context {} unmounted", context.path());
        });
        replaced.forEach(before -> retire(before, DRAIN, kept.contains(before)));
        gone.forEach(this::retire);
    }

    /**
     * Puts a context in the place of another and retires that.
     *
     * @param drain how long the other may finish what it has begun
     * @return false, with nothing done, when the other is not mounted any more
     */
    boolean succeed(MountedContext before, MountedContext successor, Duration drain) {
        boolean kept;
        synchronized (this) {
            if (!isMounted(before)) {
                return false;
            }
            kept = legacy.keep(before);
            change(new TreeMap<>(Map.of(successor.path(), successor)));
        }
        announce(successor);
        retire(before, drain, kept);
        return true;
    }

    private void retire(MountedContext replaced, Duration drain, boolean kept) {
        legacy.replaced(replaced, kept);
        if (!kept) {
            retire(replaced, drain);
        }
    }

    /**
     * Puts contexts in the places of those whose applications they have, which are not retired.
     *
     * @param successors by what is mounted
     * @return those that found another one mounted, which has retired the application; with nothing done for them
     */
    List<MountedContext> exchange(Map<MountedContext, MountedContext> successors) {
        if (successors.isEmpty()) {
            return List.of();
        }
        List<MountedContext> late = new ArrayList<>();
        List<MountedContext> mounted = new ArrayList<>();
        synchronized (this) {
            SortedMap<ContextPath, @Nullable MountedContext> changes = new TreeMap<>();
            successors.forEach((before, successor) -> {
                if (isMounted(before)) {
                    changes.put(successor.path(), successor);
                    mounted.add(successor);
                } else {
                    late.add(successor);
                }
            });
            change(changes);
        }
        mounted.forEach(listener::mounted);
        mounted.forEach(legacy::mounted);
        LOG.info("{} contexts go on with other rules before them", mounted.size());
        return late;
    }

    /** Lets a context that is not mounted, or no longer, finish and go. */
    void retire(MountedContext context) {
        retire(context, DRAIN);
    }

    private void retire(MountedContext context, Duration drain) {
        legacy.retired(context);
        leaving.add(context);
        var unused = context.retire(drain).whenComplete((done, failure) -> {
            leaving.remove(context);
            if (failure != null) {
                LOG.warn("Context {} did not stop cleanly", context.path(), failure);
            }
            if (at(context.path()).isEmpty()) {
                forget.accept(context.path());
            }
            afterRetirement.accept(context);
        });
    }

    /** Retires everything, also what is on its way out, at once; each may drain up to the limit. */
    CompletableFuture<Void> stop(Duration drain) {
        return CompletableFuture.allOf(Stream.concat(all().stream(), leaving.stream())
                .map(context -> context.retire(drain))
                .toArray(CompletableFuture[]::new));
    }

    private void announce(MountedContext context) {
        listener.mounted(context);
        legacy.mounted(context);
        LOG.info(
                "Context {} mounted: {} ({})",
                context.path(),
                context.status().description(),
                context.config().source());
    }
}
