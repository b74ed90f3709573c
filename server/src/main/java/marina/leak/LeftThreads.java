package marina.leak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Threads that a stopped web application has left running. They are named, not stopped: nobody can end a thread of Java from
 * outside without harm. Stateless.
 */
final class LeftThreads implements Finder {
    /** A thread pool that has been shut down rightly may need a moment to end its threads. */
    private static final Duration GRACE = Duration.ofMillis(250);

    /** Frames of Marina's and Jetty's that only threads of requests have. */
    private static final Set<String> OF_REQUESTS =
            Set.of("org.eclipse.jetty.util.thread.QueuedThreadPool", "marina.webapp.WarTargets");

    private final Supplier<Collection<Thread>> unlisted;

    /** @param unlisted threads of requests that are not in the list of all threads */
    LeftThreads(Supplier<Collection<Thread>> unlisted) {
        this.unlisted = unlisted;
    }

    @Override
    public List<Left> find(StoppedApp app) {
        List<Thread> all = new ArrayList<>(LiveThreads.all());
        all.addAll(unlisted.get());
        List<Thread> suspects = new ArrayList<>();
        for (Thread thread : all) {
            if (thread != Thread.currentThread() && !LeftTimers.isTimer(thread) && belongs(thread, app)) {
                suspects.add(thread);
            }
        }
        awaitEnd(suspects);
        List<Left> left = new ArrayList<>();
        for (Thread thread : suspects) {
            if (belongs(thread, app)) {
                left.add(left(thread, app));
            }
        }
        return left;
    }

    private static boolean belongs(Thread thread, StoppedApp app) {
        return thread.isAlive()
                && (app.owns(thread.getContextClassLoader())
                        || app.made(thread)
                        || app.made(LiveThreads.task(thread).orElse(null)));
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

    private static Left left(Thread thread, StoppedApp app) {
        Map<Boolean, List<StackTraceElement>> frames = Arrays.stream(thread.getStackTrace())
                .collect(Collectors.partitioningBy(frame -> OF_REQUESTS.contains(frame.getClassName())));
        String stack = frames.getOrDefault(false, List.of()).stream()
                .map(frame -> System.lineSeparator() + "\tat " + frame)
                .collect(Collectors.joining());
        boolean request = !frames.getOrDefault(true, List.of()).isEmpty();
        String warning = request
                ? "The web application [" + app.path()
                        + "] is still processing a request that has yet to finish. This is"
                        + " very likely to create a memory leak. Its stop_timeout is the time that requests get."
                        + " Stack trace of request processing thread [" + thread.getName() + "]:" + stack
                : "The web application [" + app.path() + "] appears to have started a thread named [" + thread.getName()
                        + "] but has failed to stop it. This is very likely to create a memory leak. Stack trace of"
                        + " thread:" + stack;
        String holder = (request ? "a request in thread " : "thread ") + "\"" + thread.getName() + "\"";
        return new Left(holder, warning, Left.NO_CURE);
    }
}
