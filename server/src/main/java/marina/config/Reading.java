package marina.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One load in progress: the problems found so far, each once, and the keys that the readers asked for. Not thread-safe. */
final class Reading implements ForeignFormat.Findings {
    private final Directories directories;
    private final Accounts accounts;
    private final SettingsFiles files;
    private final Set<ConfigProblem> problems = new TreeSet<>();
    private final Set<ConfigProblem> missing = new TreeSet<>();
    private final Set<ConfigNote> notes = new TreeSet<>();
    private final Set<String> knownKeys = new TreeSet<>();
    private final Map<Path, FileStamp> archives = new HashMap<>();
    private final Outside outside = new Outside();
    private int findings;

    Reading(Directories directories, Accounts accounts) {
        this(directories, accounts, SettingsFiles.onDisk());
    }

    Reading(Directories directories, Accounts accounts, SettingsFiles files) {
        this.directories = directories;
        this.accounts = accounts;
        this.files = files;
    }

    /** What the configuration is written in. */
    SettingsFiles files() {
        return files;
    }

    Directories directories() {
        return directories;
    }

    /** What lies on the disk beside those files. */
    Outside outside() {
        return outside;
    }

    /** Paths that are relative to MARINA_BASE. */
    PathText paths() {
        return new PathText(directories.base(), outside);
    }

    Accounts accounts() {
        return accounts;
    }

    @Override
    public void problem(SourceLocation location, String key, String message) {
        findings++;
        problems.add(new ConfigProblem(location, key, message));
    }

    void problem(Value value, String message) {
        problem(value.location(), value.key(), message);
    }

    /** Reports a file or folder that is not there; as long as only such are reported, hooks may still make them. */
    void missing(Value value, String message) {
        missing.add(new ConfigProblem(value.location(), value.key(), message));
        problem(value, message);
    }

    /** Whether all problems are files and folders that are not there. */
    boolean lacksOnlyFiles() {
        return missing.containsAll(problems);
    }

    @Override
    public void note(ConfigNote note) {
        findings++;
        notes.add(note);
    }

    /** Takes note of what may be meant, and probably is not. */
    void warn(Value value, String message) {
        note(new ConfigNote(ConfigNote.Kind.WARNING, new ConfigProblem(value.location(), value.key(), message)));
    }

    /** The stamp of an archive, however many contexts name it: looked at once, so that all of them mean the same content. */
    FileStamp stamp(Path archive) {
        outside.somethingElse();
        return archives.computeIfAbsent(archive, FileStamp::of);
    }

    void know(String key) {
        knownKeys.add(key);
    }

    /** How often something was found, the same more than once included. */
    int findings() {
        return findings;
    }

    /** All problems, sorted by place. */
    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    /** What is no problem, sorted by place. */
    List<ConfigNote> notes() {
        return List.copyOf(notes);
    }

    /** The last parts of all keys that may be written. */
    Set<String> knownKeys() {
        return Set.copyOf(knownKeys);
    }
}
