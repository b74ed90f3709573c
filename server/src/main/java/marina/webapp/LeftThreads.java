package marina.webapp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the threads that a stopped web application has left running, in Tomcat's words, which operators know and search
 * for. Such a thread keeps the classes of the application in memory, at each redeploy anew.
 */
final class LeftThreads {
    private static final Logger LOG = LoggerFactory.getLogger(LeftThreads.class);

    /** A thread pool that has been shut down rightly may need a moment to end its threads. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private LeftThreads() {}

    /**
     * Logs a warning for each.
     *
     * @param contextPath of the application
     * @param webApp its class loader
     */
    static void report(String contextPath, ClassLoader webApp) {
        List<Thread> suspects = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread != Thread.currentThread() && belongs(thread, webApp)) {
                suspects.add(thread);
            }
        }
        awaitEnd(suspects);
        for (Thread thread : suspects) {
            if (belongs(thread, webApp)) {
                report(contextPath, thread);
            }
        }
    }

    private static boolean belongs(Thread thread, ClassLoader webApp) {
        return thread.isAlive()
                && (isOf(thread.getContextClassLoader(), webApp)
                        || isOf(thread.getClass().getClassLoader(), webApp));
    }

    private static boolean isOf(ClassLoader loader, ClassLoader webApp) {
        for (ClassLoader each = loader; each != null; each = each.getParent()) {
            if (each == webApp) {
                return true;
            }
        }
        return false;
    }

    private static void awaitEnd(List<Thread> threads) {
        long deadline = System.nanoTime() + GRACE.toNanos();
        try {
            for (Thread thread : threads) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left > 0) {
                    thread.join(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void report(String contextPath, Thread thread) {
        Map<Boolean, List<StackTraceElement>> frames = Arrays.stream(thread.getStackTrace())
                .collect(Collectors.partitioningBy(
                        frame -> frame.getClassName().equals("org.eclipse.jetty.util.thread.QueuedThreadPool")));
        String stack = frames.getOrDefault(false, List.of()).stream()
                .map(frame -> System.lineSeparator() + "\tat " + frame)
                .collect(Collectors.joining());
        if (!frames.getOrDefault(true, List.of()).isEmpty()) {
            LOG.warn(
                    "The web application [{}] is still processing a request that has yet to finish. This is very likely"
                            + " to create a memory leak. Its stop_timeout is the time that requests get."
                            + " Stack trace of request processing thread [{}]:{}",
                    contextPath,
                    thread.getName(),
                    stack);
        } else if (thread.getClass().getName().equals("java.util.TimerThread")) {
            LOG.warn(
                    "The web application [{}] appears to have started a TimerThread named [{}] via the java.util.Timer"
                            + " API but has failed to stop it. This is very likely to create a memory leak.",
                    contextPath,
                    thread.getName());
        } else {
            LOG.warn(
                    "The web application [{}] appears to have started a thread named [{}] but has failed to stop it."
                            + " This is very likely to create a memory leak. Stack trace of thread:{}",
                    contextPath,
                    thread.getName(),
                    stack);
        }
    }
}
