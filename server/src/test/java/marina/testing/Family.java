package marina.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Finds every process that has inherited a variable, wherever it went; on Linux. Immutable. */
public final class Family {
    private static final Path TABLE = Path.of("/proc");

    private final String entry = "FAMILY=" + UUID.randomUUID();

    /** The variable for the environment of a context, as YAML. */
    public String variable() {
        return entry.replace("=", ": ");
    }

    /** Those that run. */
    public List<Long> members() {
        try (Stream<Path> all = Files.list(TABLE)) {
            return all.map(process -> process.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .filter(pid -> List.of(read(pid, "environ").split("\0")).contains(entry))
                    .filter(pid -> !read(pid, "stat").replaceFirst(".*\\) ", "").startsWith("Z"))
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(String pid, String file) {
        try {
            return Files.readString(TABLE.resolve(pid).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }
}
