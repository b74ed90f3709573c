package marina.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a machine must not have so that Fly suspends it. */
final class SuspendLimits {
    private static final int MOST_MEGABYTES = 2048;
    private static final Path SWAPS = Path.of("/proc/swaps");

    private SuspendLimits() {}

    /** What this machine has too much of, by the variables that Fly sets and by what the kernel tells. */
    static Optional<String> of(Map<String, String> environment) {
        String megabytes = environment.getOrDefault("FLY_VM_MEMORY_MB", "");
        if (megabytes.matches("\\d{1,9}") && Integer.parseInt(megabytes) > MOST_MEGABYTES) {
            return Optional.of("this machine has more than 2 GB of memory (FLY_VM_MEMORY_MB=" + megabytes + ")");
        }
        return hasSwap() ? Optional.of("this machine has swap (" + SWAPS + ")") : Optional.empty();
    }

    private static boolean hasSwap() {
        try {
            return Files.readAllLines(SWAPS).size() > 1; // the first line is a head
        } catch (IOException e) {
            return false;
        }
    }
}
