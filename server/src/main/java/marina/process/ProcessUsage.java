package marina.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a process that leads a session uses, with all of that session.
 *
 * @param processes how many they are
 * @param residentBytes in memory, common pages counted for each
 * @param cpuSeconds that they and their children that have ended have had
 */
public record ProcessUsage(int processes, long residentBytes, double cpuSeconds) {
    private static final ProcessUsage NONE = new ProcessUsage(0, 0, 0);
    private static final Path PROC = Path.of("/proc");

    /** Linux counts in 1/100 s towards user space on every architecture. */
    private static final double TICKS_PER_SECOND = 100;

    /** Fields of /proc/PID/stat behind the command name, counted from the state. */
    private static final int SESSION = 3;

    private static final int FIRST_TIME = 11;
    private static final int LAST_TIME = 14;

    /**
     * Those of some leaders, by process id; one that is gone is left out. Reads the process table once, some milliseconds. On
     * systems without proc(5) there is nobody.
     */
    public static Map<Long, ProcessUsage> of(Set<Long> leaders) {
        Map<Long, ProcessUsage> usages = new HashMap<>();
        if (leaders.isEmpty() || !Files.isDirectory(PROC)) {
            return usages;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                add(Long.parseLong(process.getFileName().toString()), leaders, usages);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return usages; // what is not known is not told
        }
        return usages;
    }

    private static void add(long pid, Set<Long> leaders, Map<Long, ProcessUsage> usages) {
        String stat;
        try {
            stat = new String(Files.readAllBytes(PROC.resolve(pid + "/stat")), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return; // processes come and go
        }
        // The command name stands in brackets and may itself hold brackets and spaces.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= LAST_TIME) {
            return;
        }
        long session = Long.parseLong(fields[SESSION]);
        long leader = leaders.contains(pid) ? pid : session;
        if (leaders.contains(leader)) {
            long ticks = 0;
            for (int i = FIRST_TIME; i <= LAST_TIME; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            ProcessUsage one = new ProcessUsage(1, ProcessMemory.resident(pid), ticks / TICKS_PER_SECOND);
            usages.merge(leader, one, ProcessUsage::plus);
        }
    }

    /** Both together. */
    public ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(
                processes + other.processes, residentBytes + other.residentBytes, cpuSeconds + other.cpuSeconds);
    }

    /** All of some leaders together. */
    public static ProcessUsage sum(Map<Long, ProcessUsage> usages, Iterable<Long> leaders) {
        ProcessUsage sum = NONE;
        for (Long leader : leaders) {
            sum = sum.plus(usages.getOrDefault(leader, NONE));
        }
        return sum;
    }
}
