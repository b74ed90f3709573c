package marina.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Threads of {@link java.util.Timer}. One that has nothing but tasks of the stopped application is cancelled as
 * {@link java.util.Timer#cancel} does it: a task that runs ends by itself, no further one begins. Tomcat does that on request only,
 * because a timer may be shared; one that has other tasks, or none, is therefore only named here. Stateless.
 */
final class LeftTimers implements Finder {

    static boolean isTimer(Thread thread) {
        return thread.getClass().getName().equals("java.util.TimerThread");
    }

    @Override
    public List<Left> find(StoppedApp app) {
        List<Left> left = new ArrayList<>();
        for (Thread thread : LiveThreads.all()) {
            if (isTimer(thread)) {
                Optional<Object> queue = JdkState.read(thread.getClass(), "queue", thread);
                List<Object> tasks = queue.map(LeftTimers::tasks).orElse(List.of());
                if (app.owns(thread.getContextClassLoader()) || tasks.stream().anyMatch(app::made)) {
                    left.add(left(thread, queue, tasks, app));
                }
            }
        }
        return left;
    }

    private static Left left(Thread thread, Optional<Object> queue, List<Object> tasks, StoppedApp app) {
        boolean safe = queue.isPresent() && !tasks.isEmpty() && tasks.stream().allMatch(app::made);
        String what = "The web application [" + app.path() + "] appears to have started a TimerThread named ["
                + thread.getName() + "] via the java.util.Timer API but has failed to stop it. ";
        return safe
                ? new Left(
                        holder(thread),
                        what + "To prevent a memory leak, the timer (and hence the associated thread) has been forcibly"
                                + " canceled.",
                        () -> cancel(thread, queue.get()))
                : new Left(holder(thread), what + "This is very likely to create a memory leak.", Left.NO_CURE);
    }

    private static String holder(Thread thread) {
        return "timer \"" + thread.getName() + "\"";
    }

    private static List<Object> tasks(Object queue) {
        List<Object> tasks = new ArrayList<>();
        synchronized (queue) {
            if (JdkState.read(queue.getClass(), "queue", queue).orElse(null) instanceof Object[] slots) {
                for (Object task : slots) {
                    if (task != null) {
                        tasks.add(task);
                    }
                }
            }
        }
        return tasks;
    }

    private static void cancel(Thread thread, Object queue) {
        synchronized (queue) {
            if (JdkState.write(thread.getClass(), "newTasksMayBeScheduled", thread, false)) {
                JdkState.call(queue.getClass(), "clear", queue);
                queue.notifyAll();
            }
        }
    }
}
