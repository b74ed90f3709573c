package marina.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.config.SettingsFiles;

/** Puts the files of a former configuration back: tried before anything is touched. One at a time. */
public final class Rollback {
    private final Directories directories;
    private final ConfigLoader loader;
    private final History history;

    /** For an instance whose configuration is read by this loader. */
    public Rollback(Directories directories, ConfigLoader loader) {
        this.directories = directories;
        this.loader = loader;
        this.history = new History(directories);
    }

    /**
     * What would be done.
     *
     * @param target the entry to go back to
     * @param config what its files mean today
     * @param files its files
     * @param present the files that lie there now
     * @param presentServerFile the server file that is in use now
     */
    public record Plan(
            HistoryEntry target,
            ServerConfig config,
            SortedMap<Path, byte[]> files,
            SortedMap<Path, byte[]> present,
            Path presentServerFile) {}

    /**
     * Chooses an entry and tries it. Without a number: what runs, when the files have been changed since; else the one that ran
     * before it.
     *
     * @param serverFile that is in use
     * @throws RefusedException when there is no such entry, or what it says can no longer be used; nothing has been touched
     */
    public Plan plan(Path serverFile, OptionalInt number) throws RefusedException {
        SortedMap<Path, byte[]> present = SettingsFiles.present(directories, serverFile);
        HistoryEntry target = number.isPresent()
                ? history.entry(number.getAsInt())
                        .orElseThrow(() -> nothing("there is no configuration " + number.getAsInt()
                                + " in the history; \"marina.sh history\" lists them"))
                : last(serverFile, present)
                        .orElseThrow(() -> nothing("there is no earlier configuration in the history"));
        try {
            SortedMap<Path, byte[]> files = history.files(target);
            ServerConfig config = loader.load(target.serverFile(), note -> {}, SettingsFiles.insteadOfDisk(files));
            return new Plan(target, config, files, present, serverFile);
        } catch (IOException e) {
            throw nothing("configuration " + target.number() + " of the history cannot be read: " + e);
        } catch (ConfigException e) {
            List<String> messages = new ArrayList<>();
            messages.add("Rollback refused, nothing has been changed: configuration " + target.number()
                    + " of the history can no longer be used");
            e.problems().forEach(problem -> messages.add(problem.toString()));
            throw new RefusedException(messages);
        }
    }

    /**
     * Puts the files there; what was there is kept as an entry, if it is not one already.
     *
     * @throws RefusedException when it cannot be done; everything is as it was
     */
    public void carryOut(Plan plan) throws RefusedException {
        if (!History.areEqual(SettingsFiles.present(directories, plan.presentServerFile), plan.present)) {
            throw nothing(
                    "the files of the configuration have been changed meanwhile; nothing has been touched, try again");
        }
        try {
            boolean known = history.current()
                    .filter(current -> history.isMadeFrom(current, plan.presentServerFile, plan.present))
                    .isPresent();
            if (!known) {
                history.keep(
                        "replaced by a rollback to " + plan.target.number(),
                        List.of(),
                        false,
                        plan.presentServerFile,
                        plan.present);
            }
            new Restoration(history).replace(withoutForeign(plan.present, plan.files), plan.files);
        } catch (IOException e) {
            throw nothing("Rollback failed, everything is as it was: " + e);
        }
    }

    /**
     * Puts back what {@link #carryOut} has replaced.
     *
     * @return why it could not be done; empty when it was
     */
    public Optional<String> undo(Plan plan) {
        try {
            new Restoration(history).replace(withoutForeign(plan.files, plan.present), plan.present);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    private Optional<HistoryEntry> last(Path serverFile, SortedMap<Path, byte[]> present) {
        Optional<HistoryEntry> current = history.current();
        if (current.isEmpty() || !history.isMadeFrom(current.get(), serverFile, present)) {
            return current;
        }
        return history.entries().stream()
                .filter(HistoryEntry::applied)
                .filter(entry -> !history.isMadeFrom(entry, serverFile, present))
                .findFirst();
    }

    /** A server file that the other side does not have is another one, which is left where it is; only files of contexts go. */
    private SortedMap<Path, byte[]> withoutForeign(SortedMap<Path, byte[]> there, SortedMap<Path, byte[]> wanted) {
        Path contexts = directories.conf().resolve("contexts").toAbsolutePath().normalize();
        SortedMap<Path, byte[]> own = new TreeMap<>(there);
        own.keySet().removeIf(file -> !wanted.containsKey(file) && !file.startsWith(contexts));
        return own;
    }

    private static RefusedException nothing(String message) {
        return new RefusedException(List.of(message));
    }
}
