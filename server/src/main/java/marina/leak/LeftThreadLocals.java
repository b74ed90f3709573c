package marina.leak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of ThreadLocals. The table of a thread belongs to that thread alone, so nothing is removed here: threads of Marina do it
 * themselves between two tasks, see {@link LeakGuard#tidy}. Stateless.
 */
final class LeftThreadLocals implements Finder {

    @Override
    public List<Left> find(StoppedApp app) {
        Map<String, List<String>> threads = new LinkedHashMap<>();
        for (Thread thread : LiveThreads.all()) {
            for (ThreadValues.Entry entry : ThreadValues.of(thread)) {
                if (entry.leadsTo(app)) {
                    threads.computeIfAbsent(types(entry), unused -> new ArrayList<>())
                            .add(thread.getName());
                }
            }
        }
        List<Left> left = new ArrayList<>();
        threads.forEach((types, names) -> left.add(new Left(
                "ThreadLocal in thread \"" + names.get(0) + "\"" + others(names) + " with " + types,
                "The web application [" + app.path() + "] created a ThreadLocal with " + types
                        + " but failed to remove it when the web application was stopped. Found in thread ["
                        + names.get(0) + "]" + others(names)
                        + ". Threads of Marina remove it before their next task; any other thread keeps it, which is"
                        + " very likely to create a memory leak.",
                Left.NO_CURE)));
        return left;
    }

    private static String others(List<String> names) {
        return names.size() == 1 ? "" : " and " + (names.size() - 1) + " more";
    }

    private static String types(ThreadValues.Entry entry) {
        return "key of type [" + type(entry.key()) + "] and a value of type [" + type(entry.value()) + "]";
    }

    private static String type(@Nullable Object object) {
        return object == null ? "null" : object.getClass().getName();
    }
}
