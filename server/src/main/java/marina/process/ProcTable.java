package marina.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the system's process table, proc(5). On systems without it everything is empty. Thread-safe, without state. */
final class ProcTable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcTable.class);
    private static final Path PROC = Path.of("/proc");

    /** Linux counts process starts in 1/100 s towards user space on every architecture. */
    private static final int TICKS_PER_SECOND = 100;

    /** Fields of /proc/PID/stat behind the command name, counted from the state. */
    private static final int STATE = 0;

    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int START = 19;

    private final boolean present = Files.isReadable(PROC.resolve("self/stat"));

    /** Whether this system has a table to read. */
    boolean present() {
        return present;
    }

    /** Tells one boot of the machine from the next; empty when unknown. */
    String bootId() {
        return read(PROC.resolve("sys/kernel/random/boot_id")).strip();
    }

    /** Now, on the clock of {@link ProcEntry#startTicks}; 0 when unknown. */
    long nowTicks() {
        String uptime = read(PROC.resolve("uptime"));
        int end = uptime.indexOf(' ');
        return end < 0 ? 0 : (long) (Double.parseDouble(uptime.substring(0, end)) * TICKS_PER_SECOND);
    }

    /** When a process started: its ticks, or what the JDK knows where there is no table; empty when it is gone. */
    Optional<Long> startOf(long pid) {
        if (present) {
            return find(pid).map(ProcEntry::startTicks);
        }
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(Instant::toEpochMilli);
    }

    /** One process; empty when there is none of this id. */
    Optional<ProcEntry> find(long pid) {
        return parse(pid, read(PROC.resolve(pid + "/stat")));
    }

    /** All processes. */
    List<ProcEntry> all() {
        List<ProcEntry> entries = new ArrayList<>();
        if (!present) {
            return entries;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                find(Long.parseLong(process.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Cannot list /proc; processes left behind may not be found: {}", e.toString());
        }
        return entries;
    }

    /** Whether the process was started with this text in its environment; false when that may not be read. */
    boolean environmentHas(long pid, String assignment) {
        String environment = "\0" + read(PROC.resolve(pid + "/environ")) + "\0";
        return environment.contains("\0" + assignment + "\0");
    }

    /** The value of a variable that the process was started with; empty without it, or when that may not be read. */
    Optional<String> environment(long pid, String name) {
        String environment = "\0" + read(PROC.resolve(pid + "/environ")) + "\0";
        int begin = environment.indexOf("\0" + name + "=");
        if (begin < 0) {
            return Optional.empty();
        }
        int value = begin + name.length() + 2;
        return Optional.of(environment.substring(value, environment.indexOf('\0', value)));
    }

    private static Optional<ProcEntry> parse(long pid, String stat) {
        // The command name stands in brackets and may itself hold brackets and spaces.
        int nameEnd = stat.lastIndexOf(')');
        if (nameEnd < 0) {
            return Optional.empty();
        }
        List<String> fields = List.of(stat.substring(nameEnd + 2).strip().split(" "));
        if (fields.size() <= START) {
            return Optional.empty();
        }
        return Optional.of(new ProcEntry(
                pid,
                fields.get(STATE).charAt(0),
                Long.parseLong(fields.get(GROUP)),
                Long.parseLong(fields.get(SESSION)),
                Long.parseLong(fields.get(START))));
    }

    /** Empty when it cannot be read: processes come and go, and others' are closed to us. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
