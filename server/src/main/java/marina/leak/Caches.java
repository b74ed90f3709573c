package marina.leak;

import java.beans.Introspector;
import java.util.Map;
import java.util.ResourceBundle;

/** Caches of the JDK that remember classes for a while; they fill again by themselves, so nobody is told. Stateless. */
final class Caches {
    private Caches() {}

    /** Empties them of this application. */
    static void forget(StoppedApp app) {
        ResourceBundle.clearCache(app.loader());
        Introspector.flushCaches();
        // Java 17 holds what it knows of serializable classes softly, which is as good as for ever while memory is
        // plenty.
        JdkState.type("java.io.ObjectStreamClass$Caches").ifPresent(caches -> {
            clear(caches, "localDescs");
            clear(caches, "reflectors");
        });
    }

    private static void clear(Class<?> type, String field) {
        if (JdkState.read(type, field, null).orElse(null) instanceof Map<?, ?> map) {
            map.clear();
        }
    }
}
