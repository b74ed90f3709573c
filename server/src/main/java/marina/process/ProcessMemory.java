package marina.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads how much memory processes hold, proc(5). On systems without it all is 0. Thread-safe, without state. */
final class ProcessMemory {
    private static final Path PROC = Path.of("/proc");
    private static final long BYTES_PER_K = 1024;

    private ProcessMemory() {}

    /**
     * What the process holds alone, with its share of what it has in common with others (PSS): sums of this count no page
     * twice, as those of {@link #resident} do with workers that were forked. Costs up to some milliseconds for a large
     * process. What is resident where the system does not tell more; 0 when the process is gone.
     */
    static long proportional(long pid) {
        long share = field(PROC.resolve(pid + "/smaps_rollup"), "Pss:");
        return share > 0 ? share : resident(pid);
    }

    /** What is in memory of the process (RSS), common pages counted in full; cheap. 0 when the process is gone. */
    static long resident(long pid) {
        return field(PROC.resolve(pid + "/status"), "VmRSS:");
    }

    private static long field(Path file, String name) {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return 0; // processes come and go, and others' are closed to us
        }
        int begin = text.indexOf("\n" + name);
        int end = text.indexOf(" kB", begin);
        return begin < 0 || end < 0
                ? 0
                : Long.parseLong(text.substring(begin + 1 + name.length(), end).strip()) * BYTES_PER_K;
    }
}
