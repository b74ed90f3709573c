package marina.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process of this machine has in memory; where the system tells it, as Linux does. */
final class ProcessMemory {
    private static final String RESIDENT = "VmRSS:";
    private static final int KILOBYTE = 1024;

    private ProcessMemory() {}

    /** In bytes; 0 when nobody can tell. */
    static long of(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                            .filter(line -> line.startsWith(RESIDENT))
                            .map(line -> line.replaceAll("\\D", ""))
                            .mapToLong(Long::parseLong)
                            .findFirst()
                            .orElse(0)
                    * KILOBYTE;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
