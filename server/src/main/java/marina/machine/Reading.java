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
 * @param boot identity of the boot of the kernel; empty where there is none
 */
record Reading(long wall, long running, long busy, String boot) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    static Reading now() {
        return new Reading(System.currentTimeMillis(), System.nanoTime(), Cpu.nanos(), kernel());
    }

    /** How far the wall clock has left the other one behind since an earlier reading. */
    long jumpMillis(Reading before) {
        return wall - before.wall - TimeUnit.NANOSECONDS.toMillis(running - before.running);
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
