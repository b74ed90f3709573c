package marina.simulator.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All processes of a machine: the descendants of its main process, those that carry the machine's mark in their environment
 * (Linux), and those that were once seen among the descendants and have lost their parent since: a server in a machine
 * may give its children neither. Used by one thread at a time.
 */
final class Family {
    private static final Path PROC = Path.of("/proc");

    private final ProcessHandle main;
    private final byte[] mark;
    private final Set<ProcessHandle> seen = new HashSet<>();

    Family(ProcessHandle main, String mark) {
        this.main = main;
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
    }

    /** Takes note of those that there are now. */
    void look() {
        seen.removeIf(process -> !process.isAlive()); // a pid of another process is none of them
        for (ProcessHandle known : List.copyOf(seen)) {
            known.descendants().forEach(seen::add);
        }
        if (main.isAlive()) {
            seen.add(main);
            main.descendants().forEach(seen::add);
        }
    }

    /** Those that there are now. */
    Set<Long> pids() {
        look();
        Set<Long> found = new LinkedHashSet<>();
        seen.forEach(process -> found.add(process.pid()));
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (carriesMark(process.resolve("environ"))) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            return found; // no /proc: the descendants must do
        }
        return found;
    }

    private boolean carriesMark(Path environ) {
        byte[] all;
        try {
            all = Files.readAllBytes(environ);
        } catch (IOException e) {
            return false; // it has ended, or belongs to somebody else
        }
        int from = 0;
        for (int i = 0; i <= all.length; i++) {
            if (i == all.length || all[i] == 0) {
                if (i - from == mark.length && Arrays.equals(all, from, i, mark, 0, mark.length)) {
                    return true;
                }
                from = i + 1;
            }
        }
        return false;
    }
}
