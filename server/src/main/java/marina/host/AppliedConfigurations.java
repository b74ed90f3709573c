package marina.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import marina.config.ConfigChanges;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ConfigNote;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.config.SettingsFiles;
import marina.history.History;
import marina.history.RefusedException;
import marina.history.Rollback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a configuration changes, keeps those that were applied, and puts former ones back. Written by the thread that
 * reloads; {@link #last} is thread-safe.
 */
public final class AppliedConfigurations {
    private static final Logger LOG = LoggerFactory.getLogger(AppliedConfigurations.class);
    private static final int MOST_LINES = 100;

    private final Directories directories;
    private final ConfigLoader loader;
    private final History history;
    private final Consumer<Runnable> ownWrites;
    private @Nullable SortedMap<Path, byte[]> first; // until something is kept; one thread after the other
    private volatile @Nullable Last last;

    /**
     * Those of an instance.
     *
     * @param first the files that it has started with, as they were read
     * @param ownWrites runs what changes files of the configuration, and sees to it that this is not taken for a change of
     *     somebody else
     */
    public AppliedConfigurations(
            Directories directories, ConfigLoader loader, SortedMap<Path, byte[]> first, Consumer<Runnable> ownWrites) {
        this.directories = directories;
        this.loader = loader;
        this.history = new History(directories);
        this.first = first;
        this.ownWrites = ownWrites;
    }

    /**
     * The last reload.
     *
     * @param at when it was over
     * @param cause why
     * @param outcome what became of it
     */
    public record Last(Instant at, String cause, ReloadOutcome outcome) {}

    /** Where a configuration comes from, and what has to be done before it takes effect. */
    interface Origin {
        /** Why it is applied. */
        String cause();

        /**
         * Reads it.
         *
         * @param before runs hooks that may make files which it names, or refuses it by an exception
         */
        Wanted read(Path serverFile, Optional<Consumer<ServerConfig>> before) throws RefusedException;
    }

    /**
     * A configuration on its way.
     *
     * @param config what it says
     * @param serverFile its server file
     * @param files what it was made from
     * @param plan what has to be put back for it; null for a reload
     */
    record Wanted(ServerConfig config, Path serverFile, SortedMap<Path, byte[]> files, Rollback.@Nullable Plan plan) {}

    /** Files are being written; they will be read when they are whole. */
    static final class BeingWritten extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BeingWritten() {
            super(
                    "a file of the configuration is just being written; it takes effect when it has come to rest",
                    null,
                    false,
                    false);
        }
    }

    /** What lies on the disk. */
    Origin onDisk(ReloadCause cause) {
        return onDisk(cause, AtRest.TAKEN_FOR_GRANTED);
    }

    /** What lies on the disk, if it was at rest when it was read: reading throws {@link BeingWritten} when it was not. */
    Origin onDisk(ReloadCause cause, AtRest rest) {
        return new Origin() {
            @Override
            public String cause() {
                return cause.toString();
            }

            @Override
            public Wanted read(Path serverFile, Optional<Consumer<ServerConfig>> before) {
                SettingsFiles files = SettingsFiles.onDisk();
                List<ConfigNote> notes = new ArrayList<>();
                ConfigLoader.Draft draft;
                try {
                    draft = loader.draft(serverFile, notes::add, files);
                } catch (ConfigException e) {
                    requireRest(rest, files);
                    notes.forEach(Reloader::log);
                    throw e;
                }
                requireRest(rest, files);
                if (before.isEmpty() || draft.config().hooks().reload().isEmpty()) {
                    notes.forEach(Reloader::log);
                    return new Wanted(draft.complete(), serverFile, files.read(), null);
                }
                before.get().accept(draft.config());
                return afterHooks(serverFile);
            }
        };
    }

    private static void requireRest(AtRest rest, SettingsFiles files) {
        if (!rest.isStill(files.read().keySet())) {
            throw new BeingWritten();
        }
    }

    /** Hooks may just have written what is read now. */
    private Wanted afterHooks(Path serverFile) {
        SettingsFiles files = SettingsFiles.onDisk();
        ServerConfig config = loader.load(serverFile, Reloader::log, files);
        return new Wanted(config, serverFile, files.read(), null);
    }

    /** A former one; without a number the last that was another one. */
    Origin former(OptionalInt number) {
        return new Origin() {
            private String cause = "rollback";

            @Override
            public String cause() {
                return cause;
            }

            @Override
            public Wanted read(Path serverFile, Optional<Consumer<ServerConfig>> before) throws RefusedException {
                Rollback.Plan plan = new Rollback(directories, loader).plan(serverFile, number);
                before.ifPresent(hooks -> hooks.accept(plan.config()));
                cause = "rollback to " + plan.target().number();
                return new Wanted(plan.config(), plan.target().serverFile(), plan.files(), plan);
            }
        };
    }

    /** Puts the files of a former configuration there; nothing for one that was read from the disk. */
    void commit(Wanted wanted) throws RefusedException {
        Rollback.Plan plan = wanted.plan;
        if (plan == null) {
            return;
        }
        AtomicReference<@Nullable RefusedException> refusal = new AtomicReference<>();
        ownWrites.accept(() -> {
            try {
                new Rollback(directories, loader).carryOut(plan);
            } catch (RefusedException e) {
                refusal.set(e);
            }
        });
        RefusedException refused = refusal.get();
        if (refused != null) {
            throw refused;
        }
    }

    /** Takes the files back that {@link #commit} has put there. */
    void undo(Wanted wanted) {
        Rollback.Plan plan = wanted.plan;
        if (plan != null) {
            ownWrites.accept(() -> new Rollback(directories, loader)
                    .undo(plan)
                    .ifPresent(failure -> LOG.error(
                            "The files of the configuration that runs could not be put back: {}; \"marina.sh history\""
                                    + " lists what is kept of them",
                            failure)));
        }
    }

    /** What is different, a line each; logged. */
    List<String> changes(ServerConfig before, ServerConfig next) {
        List<String> lines = ConfigChanges.lines(new ConfigChanges(directories).between(before, next), MOST_LINES);
        lines.forEach(line -> LOG.info("Reload changes {}", line));
        return lines;
    }

    /** Keeps a configuration that has been applied, one after the other. That it cannot be kept is no reason not to apply it. */
    synchronized void keep(String cause, List<String> changes, Path serverFile, SortedMap<Path, byte[]> files) {
        first = null;
        try {
            history.keep(cause, changes, true, serverFile, files);
        } catch (IOException | RuntimeException e) {
            LOG.warn("The configuration was not kept for \"marina.sh rollback\": {}", e.toString());
        }
    }

    /** Keeps what Marina has started with, unless what start hooks have written has taken its place already. */
    public synchronized void started(Path serverFile) {
        SortedMap<Path, byte[]> files = first;
        if (files != null) {
            keep(ReloadCause.START.toString(), List.of(), serverFile, files);
        }
    }

    void over(String cause, ReloadOutcome outcome) {
        last = new Last(Instant.now(), cause, outcome);
    }

    /** The last reload since the start, if there was one. */
    public Optional<Last> last() {
        return Optional.ofNullable(last);
    }

    /** What is kept. */
    public History history() {
        return history;
    }
}
