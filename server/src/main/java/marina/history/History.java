package marina.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import marina.config.Directories;
import marina.config.Secrets;
import org.eclipse.jetty.util.ajax.JSON;

/**
 * The last ten configurations, each a folder of its own in {@code data/history} that nobody else may read, because files of
 * the configuration may hold passwords. An entry appears as a whole or not at all. One writer at a time; reading is
 * thread-safe.
 */
public final class History {
    /** So many are kept. */
    public static final int KEPT = 10;

    private static final String DESCRIPTION = "entry.json";

    private final Directories directories;
    private final Path folder;
    private volatile Kept latest = new Kept(0, new TreeMap<>());

    /** What was kept last, so that it need not be read again to be compared. */
    private record Kept(int number, SortedMap<Path, byte[]> files) {}

    /** That of an instance. */
    public History(Directories directories) {
        this.directories = directories;
        this.folder = directories.data().resolve("history");
    }

    /** All that are kept, the newest first. What cannot be read is left out. */
    public List<HistoryEntry> entries() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(entry -> entry.getFileName().toString().matches("\\d{6,9}"))
                    .flatMap(entry -> read(entry).stream())
                    .sorted(Comparator.comparingInt(HistoryEntry::number).reversed())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The one with this number. */
    public Optional<HistoryEntry> entry(int number) {
        return entries().stream().filter(entry -> entry.number() == number).findFirst();
    }

    /** The one that was applied last: what runs, when something does. */
    public Optional<HistoryEntry> current() {
        return entries().stream().filter(HistoryEntry::applied).findFirst();
    }

    /**
     * The files of an entry by absolute path.
     *
     * @throws IOException when they cannot be read, or the entry has gone meanwhile
     */
    public SortedMap<Path, byte[]> files(HistoryEntry entry) throws IOException {
        Path home = folder.resolve(name(entry.number()));
        SortedMap<Path, byte[]> files = new TreeMap<>();
        if (description(home).get("files") instanceof Object[] kept) {
            for (int i = 0; i < kept.length; i++) {
                files.put(absolute(String.valueOf(kept[i])), Files.readAllBytes(home.resolve(Integer.toString(i))));
            }
        }
        return files;
    }

    /** An entry as programs see it, with what is in its files. */
    public Map<String, Object> describe(HistoryEntry entry) throws IOException {
        Map<String, Object> map = entry.toMap(
                current().filter(now -> now.number() == entry.number()).isPresent());
        Map<String, Object> texts = new LinkedHashMap<>();
        files(entry)
                .forEach((path, content) -> texts.put(
                        directories.display(path), Secrets.maskSettings(new String(content, StandardCharsets.UTF_8))));
        map.put("files", texts);
        return map;
    }

    /**
     * Keeps a configuration, unless it is the one that was applied last, or has just been kept; the oldest goes when there are too
     * many.
     *
     * @param cause why it was applied, or is kept
     * @param applied whether it runs
     * @param files what it was made from, by absolute path
     * @throws IOException when it cannot be kept; those that there are stay
     */
    public void keep(
            String cause, List<String> changed, boolean applied, Path serverFile, SortedMap<Path, byte[]> files)
            throws IOException {
        List<HistoryEntry> entries = entries();
        Path server = serverFile.toAbsolutePath().normalize();
        Optional<HistoryEntry> last =
                entries.stream().filter(entry -> entry.applied() || !applied).findFirst();
        if (last.filter(entry -> isSame(entry, applied, server, files)).isPresent()) {
            return;
        }
        int number = entries.isEmpty() ? 1 : entries.get(0).number() + 1;
        DurableFiles.privateFolder(folder);
        Path draft = folder.resolve(".new");
        DurableFiles.removeFolder(draft);
        DurableFiles.privateFolder(draft);
        List<String> names = new ArrayList<>();
        Map<Path, Path> same = sameAsLatest(files);
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            Path target = draft.resolve(Integer.toString(names.size()));
            Path before = same.get(file.getKey());
            if (before == null || !DurableFiles.link(target, before, file.getValue().length)) {
                DurableFiles.write(target, file.getValue());
            }
            names.add(directories.display(file.getKey()));
        }
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("number", number);
        description.put("at", Instant.now().toString());
        description.put("cause", cause);
        description.put("changed", changed.toArray());
        description.put("applied", applied);
        description.put("server_file", directories.display(server));
        description.put("files", names.toArray());
        DurableFiles.writeText(draft.resolve(DESCRIPTION), new JSON().toJSON(description));
        DurableFiles.move(draft, folder.resolve(name(number)));
        latest = new Kept(number, new TreeMap<>(files));
        for (HistoryEntry old : entries.stream().skip(KEPT - 1).toList()) {
            DurableFiles.removeFolder(folder.resolve(name(old.number())));
        }
    }

    /** The files of the entry that was kept last which hold what is to be kept again, by the file that they are copies of. */
    private Map<Path, Path> sameAsLatest(SortedMap<Path, byte[]> files) {
        Kept kept = latest;
        Path home = folder.resolve(name(kept.number));
        Map<Path, Path> same = new HashMap<>();
        int place = 0;
        for (Map.Entry<Path, byte[]> before : kept.files.entrySet()) {
            if (Arrays.equals(before.getValue(), files.get(before.getKey()))) {
                same.put(before.getKey(), home.resolve(Integer.toString(place)));
            }
            place++;
        }
        return same;
    }

    /** Whether files are those of an entry. */
    boolean isMadeFrom(HistoryEntry entry, Path serverFile, SortedMap<Path, byte[]> files) {
        return isSame(entry, entry.applied(), serverFile.toAbsolutePath().normalize(), files);
    }

    private boolean isSame(HistoryEntry entry, boolean applied, Path serverFile, SortedMap<Path, byte[]> files) {
        Kept kept = latest;
        try {
            return entry.applied() == applied
                    && entry.serverFile().equals(serverFile)
                    && areEqual(kept.number == entry.number() ? kept.files : files(entry), files);
        } catch (IOException e) {
            return false;
        }
    }

    static boolean areEqual(SortedMap<Path, byte[]> one, SortedMap<Path, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream().allMatch(file -> Arrays.equals(file.getValue(), other.get(file.getKey())));
    }

    Path folder() {
        return folder;
    }

    private Optional<HistoryEntry> read(Path home) {
        try {
            Map<?, ?> json = description(home);
            if (!(json.get("number") instanceof Number number)) {
                return Optional.empty();
            }
            List<String> changed = json.get("changed") instanceof Object[] lines
                    ? Arrays.stream(lines).map(String::valueOf).toList()
                    : List.of();
            return Optional.of(new HistoryEntry(
                    number.intValue(),
                    Instant.parse(String.valueOf(json.get("at"))),
                    String.valueOf(json.get("cause")),
                    changed,
                    Boolean.TRUE.equals(json.get("applied")),
                    absolute(String.valueOf(json.get("server_file")))));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // damaged, or just removed
        }
    }

    private static Map<?, ?> description(Path home) throws IOException {
        return new JSON().fromJSON(Files.readString(home.resolve(DESCRIPTION))) instanceof Map<?, ?> map
                ? map
                : Map.of();
    }

    private Path absolute(String shown) {
        return directories.base().resolve(shown).normalize();
    }

    private static String name(int number) {
        return String.format(java.util.Locale.ROOT, "%06d", number);
    }
}
