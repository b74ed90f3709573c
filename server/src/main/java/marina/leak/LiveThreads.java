package marina.leak;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The threads of this JVM. Stateless. */
final class LiveThreads {
    private LiveThreads() {}

    /** All of them; their stacks are not looked at, which would stop the JVM for a moment. */
    static List<Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() + 32];
        int count = root.enumerate(threads);
        while (count == threads.length) {
            threads = new Thread[threads.length * 2];
            count = root.enumerate(threads);
        }
        return List.copyOf(Arrays.asList(threads).subList(0, count));
    }

    /** What it was made to run; empty when that cannot be seen. */
    static Optional<Object> task(Thread thread) {
        return JdkState.read(Thread.class, "target", thread)
                .or(() -> JdkState.read(Thread.class, "holder", thread) // Java 19 and later
                        .flatMap(holder -> JdkState.read(holder.getClass(), "task", holder)));
    }
}
