package marina.leak;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of ThreadLocals, as the JDK keeps them with each thread. Stateless. */
final class ThreadValues {
    private static final List<String> MAPS = List.of("threadLocals", "inheritableThreadLocals");

    private ThreadValues() {}

    /**
     * One value.
     *
     * @param key null when nobody but the thread knows of it any more
     */
    record Entry(@Nullable ThreadLocal<?> key, @Nullable Object value) {
        boolean leadsTo(StoppedApp app) {
            return app.made(key) || app.isIn(value);
        }
    }

    /** Removes those of the calling thread that nobody else knows the key of any more; the JDK does that only now and then. */
    static void dropOrphans() {
        Thread thread = Thread.currentThread();
        for (String name : MAPS) {
            JdkState.read(Thread.class, name, thread)
                    .ifPresent(map -> JdkState.call(map.getClass(), "expungeStaleEntries", map));
        }
    }

    /** Those of a thread; of one that runs, as far as they can be seen from another. */
    static List<Entry> of(Thread thread) {
        List<Entry> entries = new ArrayList<>();
        for (String name : MAPS) {
            Object map = JdkState.read(Thread.class, name, thread).orElse(null);
            Object table = map == null
                    ? null
                    : JdkState.read(map.getClass(), "table", map).orElse(null);
            if (table instanceof Object[] slots) {
                for (Object slot : slots) {
                    if (slot instanceof Reference<?> entry) {
                        ThreadLocal<?> key = entry.get() instanceof ThreadLocal<?> local ? local : null;
                        Object value =
                                JdkState.read(slot.getClass(), "value", slot).orElse(null);
                        entries.add(new Entry(key, value));
                    }
                }
            }
        }
        return entries;
    }
}
