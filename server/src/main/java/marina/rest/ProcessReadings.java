package marina.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the system tells of processes, remembered for some seconds. Thread-safe. */
final class ProcessReadings {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST = 10_000;
    private static final long BYTES_PER_K = 1024;

    private final Map<Long, Reading> readings = new ConcurrentHashMap<>();

    private record Reading(long nanos, long bytes) {}

    /** Bytes in memory of these processes without their children; 0 when there are none or nobody can tell. */
    long memory(List<Long> pids) {
        return pids.stream().mapToLong(this::memory).sum();
    }

    /** When the first of them was started; null when nobody can tell. */
    @Nullable
    String startedAt(List<Long> pids) {
        return pids.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().startInstant().stream())
                .min(Instant::compareTo)
                .map(Instant::toString)
                .orElse(null);
    }

    private long memory(long pid) {
        long now = System.nanoTime();
        Reading known = readings.get(pid);
        if (known != null && now - known.nanos < FRESH_NANOS) {
            return known.bytes;
        }
        if (readings.size() > MOST) {
            readings.clear();
        }
        long bytes = resident(pid);
        readings.put(pid, new Reading(now, bytes));
        return bytes;
    }

    /** Bytes in memory of a process (VmRSS), from proc(5); 0 where there is no such file. */
    static long resident(long pid) {
        try {
            String text = Files.readString(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1);
            return text.lines()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .map(kilobytes -> kilobytes * BYTES_PER_K)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
