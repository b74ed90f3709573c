package marina.leak;

import java.lang.ref.Reference;
import java.lang.reflect.Member;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A web application that has stopped.
 *
 * @param path of its context
 * @param loader of its classes; held only while somebody looks for what else holds it
 */
record StoppedApp(String path, ClassLoader loader) {
    /** Collections are looked into so deep, and each so far. */
    private static final int DEPTH = 3;

    private static final int MOST_ELEMENTS = 10_000;

    /** Whether it is its class loader or one below that. */
    boolean owns(@Nullable ClassLoader other) {
        for (ClassLoader each = other; each != null; each = each.getParent()) {
            if (each == loader) {
                return true;
            }
        }
        return false;
    }

    /** Whether the class of this object is one of its classes. */
    boolean made(@Nullable Object object) {
        return object != null && owns(object.getClass().getClassLoader());
    }

    /** Whether this object leads to its classes: is of one, is one, or is a collection of the JDK with such a thing in it. */
    boolean isIn(@Nullable Object object) {
        return isIn(object, DEPTH);
    }

    private boolean isIn(@Nullable Object object, int depth) {
        if (object == null) {
            return false;
        }
        if (made(object)) {
            return true;
        }
        if (object instanceof Class<?> type) {
            return owns(type.getClassLoader());
        }
        if (object instanceof ClassLoader other) {
            return owns(other);
        }
        if (object instanceof Member member) {
            return owns(member.getDeclaringClass().getClassLoader());
        }
        // Whoever else's collections and references may do anything when they are asked.
        return depth > 0 && object.getClass().getClassLoader() == null && isInside(object, depth - 1);
    }

    private boolean isInside(Object object, int depth) {
        if (object instanceof Reference<?> reference) {
            return isIn(reference.get(), depth);
        }
        if (object instanceof Object[] array) {
            return isInAny(Arrays.asList(array), depth);
        }
        try {
            if (object instanceof Map<?, ?> map) {
                return isInAny(map.keySet(), depth) || isInAny(map.values(), depth);
            }
            return object instanceof Collection<?> collection && isInAny(collection, depth);
        } catch (ConcurrentModificationException e) {
            return false; // in use by a thread that runs
        }
    }

    private boolean isInAny(Collection<?> collection, int depth) {
        int seen = 0;
        for (Iterator<?> elements = collection.iterator(); elements.hasNext() && seen < MOST_ELEMENTS; seen++) {
            if (isIn(elements.next(), depth)) {
                return true;
            }
        }
        return false;
    }
}
