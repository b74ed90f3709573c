package marina;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import marina.server.MarinaServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back when there is nothing to do: what a start or a busy time has left in the heap would otherwise stay until the next collection,
 * which needs a busy time. Only small heaps, whose collection nobody notices; the collector knows better what to do with large ones. {@code
 * -XX:+DisableExplicitGC} keeps it from that.
 */
final class Rest {
    private static final Logger LOG = LoggerFactory.getLogger(Rest.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    /** So many looks, one after the other, at which hardly anything was new: after the start, which leaves most behind. */
    private static final int QUIET_LOOKS_AT_FIRST = 4;

    /** And later: who clicks on now and then shall neither wait for a collection nor for a heap that grows again. */
    private static final int QUIET_LOOKS = 60;

    private static final long HARDLY_ANYTHING = 256L << 10;

    /** Then the JVM has given up what its compilers have needed. */
    private static final int LOOKS_UNTIL_MORE = 4;

    /** Bytes that have come since the last time: fewer are not worth it. */
    private static final long WORTH_IT = 8L << 20;

    /** Bytes that the heap has grown by since then, whatever is in use of them. */
    private static final long WORTH_SHRINKING = 32L << 20;

    /** Bytes in use, with which a collection takes less than a tenth of a second. */
    private static final long MOST = 256L << 20;

    /** Options of the JVM that say how much of the heap is to be free after a collection, in percent, and what they are meanwhile. */
    private static final List<Map.Entry<String, String>> ROOM =
            List.of(Map.entry("MinHeapFreeRatio", "5"), Map.entry("MaxHeapFreeRatio", "10"));

    private final MarinaServer server;
    private final ScheduledFuture<?> looks;
    private long last; // this and what follows: used by the scheduler's thread
    private int quiet;
    private int once; // more to trim, after so many looks
    private volatile long kept;
    private volatile long size;

    /** Begins to look after a server that serves. */
    Rest(MarinaServer server) {
        this.server = server;
        this.looks = server.scheduler()
                .scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        long used = used();
        quiet = Math.abs(used - last) > HARDLY_ANYTHING ? 0 : quiet + 1;
        last = used;
        if (once > 0 && --once == 0) {
            server.executor().execute(() -> trim(server.mbeans()));
        }
        if (quiet == (kept == 0 ? QUIET_LOOKS_AT_FIRST : QUIET_LOOKS)) {
            quiet = 0;
            boolean worth = used - kept > WORTH_IT || Runtime.getRuntime().totalMemory() - size > WORTH_SHRINKING;
            if (worth && used < MOST) {
                server.executor().execute(this::giveBack);
                once = LOOKS_UNTIL_MORE;
            }
        }
    }

    private void giveBack() {
        collect();
        kept = used();
        size = Runtime.getRuntime().totalMemory();
        trim(server.mbeans());
        LOG.debug("At rest: {} KB of the heap are in use", kept >> 10);
    }

    /** The heap gets as small as it can, and may grow as before. */
    private static void collect() {
        Deque<VMOption> before = new ArrayDeque<>(); // the most on top: the least must never be more
        for (Map.Entry<String, String> option : ROOM) {
            set(option.getKey(), option.getValue()).ifPresent(before::push);
        }
        System.gc();
        before.forEach(option -> set(option.getName(), option.getValue()));
    }

    /** What it was; empty where the JVM, or what its command line says of others, does not let it be changed. */
    private static Optional<VMOption> set(String option, String value) {
        try {
            HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            VMOption before = options.getVMOption(option);
            options.setVMOption(option, value);
            return Optional.of(before);
        } catch (RuntimeException e) {
            LOG.debug("{} stays as it is: {}", option, e.toString());
            return Optional.empty();
        }
    }

    /** Has the C library give back what compilers and threads have left; JVMs and systems that cannot stay as they are. */
    private static void trim(MBeanServer mbeans) {
        try {
            mbeans.invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "systemTrimNativeHeap",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
        } catch (JMException | RuntimeException e) {
            LOG.debug("Free memory outside of the heap stays with the process: {}", e.toString());
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Looks no more. */
    void close() {
        looks.cancel(false);
    }
}
