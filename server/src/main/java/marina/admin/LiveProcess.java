package marina.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Whether a process still runs, for commands that wait for one that is not their child. */
final class LiveProcess {
    private static final long POLL_MILLIS = 30;

    private LiveProcess() {}

    /**
     * Whether it runs. A zombie does not: it has ended, and only waits for a parent that may never ask, as PID 1 of many
     * a container does not.
     */
    static boolean runs(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie(pid);
    }

    /** Waits until something is so, looking every few milliseconds; whether it was so in time. */
    static boolean await(BooleanSupplier condition, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Some milliseconds, between two looks at what tells nobody of its changes. */
    static void pause() throws IOException {
        try {
            // A latch that nobody opens: nothing tells us of what others do, so we look again after a while.
            boolean opened = new CountDownLatch(1).await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            assert !opened;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting", e);
        }
    }

    /** See proc(5): the state follows the last parenthesis of the name. */
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }
}
