package marina.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One load in progress: the problems found so far, each once, and the keys that the readers asked for. Not thread-safe. */
final class Reading {
    private final Directories directories;
    private final Accounts accounts;
    private final Set<ConfigProblem> problems = new TreeSet<>();
    private final Set<ConfigProblem> warnings = new TreeSet<>();
    private final Set<String> knownKeys = new TreeSet<>();
    private final Map<Path, FileStamp> archives = new HashMap<>();

    Reading(Directories directories, Accounts accounts) {
        this.directories = directories;
        this.accounts = accounts;
    }

    Directories directories() {
        return directories;
    }

    Accounts accounts() {
        return accounts;
    }

    void problem(SourceLocation location, String key, String message) {
        problems.add(new ConfigProblem(location, key, message));
    }

    void problem(Value value, String message) {
        problem(value.location(), value.key(), message);
    }

    /** Takes note of what may be meant, and probably is not. */
    void warn(Value value, String message) {
        warnings.add(new ConfigProblem(value.location(), value.key(), message));
    }

    /** The stamp of an archive, however many contexts name it: looked at once, so that all of them mean the same content. */
    FileStamp stamp(Path archive) {
        return archives.computeIfAbsent(archive, FileStamp::of);
    }

    void know(String key) {
        knownKeys.add(key);
    }

    /** All problems, sorted by place. */
    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    /** All warnings, sorted by place. */
    List<ConfigProblem> warnings() {
        return List.copyOf(warnings);
    }

    /** The last parts of all keys that may be written. */
    Set<String> knownKeys() {
        return Set.copyOf(knownKeys);
    }
}
