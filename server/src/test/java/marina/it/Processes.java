package marina.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The process table, as Linux shows it below /proc. */
final class Processes {
    private static final Path TABLE = Path.of("/proc");

    private Processes() {}

    /** Whether a process runs; one that has ended and only waits for its parent to notice does not. */
    static boolean isAlive(long pid) {
        return state(pid) != ' ' && state(pid) != 'Z';
    }

    /** Whether a signal has stopped it. */
    static boolean isStopped(long pid) {
        return state(pid) == 'T';
    }

    /** As proc(5) has it; a blank when there is none of this pid. */
    private static char state(long pid) {
        String stat = read(pid, "stat");
        int afterName = stat.lastIndexOf(')');
        return afterName > 0 ? stat.charAt(afterName + 2) : ' ';
    }

    /** All running processes whose environment has one of these entries. */
    static List<Long> withEnvironment(Set<String> entries) {
        try (Stream<Path> all = Files.list(TABLE)) {
            return all.map(process -> String.valueOf(process.getFileName()))
                    .filter(name -> name.matches("\\d+"))
                    .map(Long::valueOf)
                    .filter(pid ->
                            Arrays.stream(read(pid, "environ").split("\0")).anyMatch(entries::contains))
                    .filter(Processes::isAlive)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A variable of a process's environment, empty when it has none or is gone. */
    static String variable(long pid, String name) {
        return Arrays.stream(read(pid, "environ").split("\0"))
                .filter(entry -> entry.startsWith(name + "="))
                .map(entry -> entry.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** The names of a process's threads, of which the kernel keeps 15 characters. */
    static List<String> threads(long pid) {
        return entries(pid, "task").stream()
                .map(thread -> read(pid, "task/" + thread + "/comm").strip())
                .toList();
    }

    /** How many descriptors a process has open. */
    static int descriptors(long pid) {
        return entries(pid, "fd").size();
    }

    /** Sends a signal to one process, which may be gone. */
    static void signal(long pid, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> entries(long pid, String folder) {
        String[] names =
                TABLE.resolve(Long.toString(pid)).resolve(folder).toFile().list();
        return names == null ? List.of() : List.of(names);
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(TABLE.resolve(Long.toString(pid)).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
