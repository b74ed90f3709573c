package marina.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What the clocks of this machine say at one moment.
 *
 * @param wall milliseconds since 1970; goes on while the machine sleeps, or is set right after it
 * @param running nanoseconds of {@link System#nanoTime}, which on Linux stands still while the machine sleeps
 * @param busy nanoseconds that this process has computed
 * @param queued how long the thread that reads has been kept waiting for a processor
 * @param boot identity of the boot of the kernel; empty where there is none
 */
record Reading(long wall, long running, long busy, Queued queued, String boot) {
    private static final Path WAITED = Path.of("/proc/thread-self/schedstat");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    static Reading now() {
        return new Reading(System.currentTimeMillis(), System.nanoTime(), Cpu.nanos(), waited(), kernel());
    }

    /**
     * Time in which a thread could have run, and others had the processors. A thread that is stopped or frozen does not wait.
     *
     * @param thread its id
     * @param nanos since it began; 0 where the system does not tell
     */
    record Queued(long thread, long nanos) {}

    /** How long the thread has waited for a processor since an earlier reading; 0 when that was another thread's. */
    long waitedNanos(Reading before) {
        return queued.thread == before.queued.thread ? queued.nanos - before.queued.nanos : 0;
    }

    /** How far the wall clock has left the other one behind since an earlier reading. */
    long jumpMillis(Reading before) {
        return wall - before.wall - TimeUnit.NANOSECONDS.toMillis(running - before.running);
    }

    /** The second number of Linux' sched-stats. */
    private static Queued waited() {
        long thread = Thread.currentThread().getId();
        try {
            return new Queued(thread, Long.parseLong(Files.readString(WAITED).split(" ", 3)[1]));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return new Queued(thread, 0);
        }
    }

    private static String kernel() {
        try {
            return Files.readString(BOOT_ID);
        } catch (IOException e) {
            return "";
        }
    }

    /** The processor time of this process. */
    private static final class Cpu {
        private static final com.sun.management.OperatingSystemMXBean SYSTEM =
                java.lang.management.ManagementFactory.getPlatformMXBean(
                        com.sun.management.OperatingSystemMXBean.class);

        static long nanos() {
            return SYSTEM.getProcessCpuTime();
        }
    }
}
