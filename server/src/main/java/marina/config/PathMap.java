package marina.config;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map by path, in their order, that never changes, in two arrays: one that differs in a few of ten thousand contexts is a copy of memory,
 * and to find these few again takes no more than a comparison of references for each of the others. Each reload makes several of
 * these maps, in code that the JVM has not compiled yet, where a tree costs a hundred times as much. Thread-safe.
 *
 * @param <V> what is at a path
 */
public final class PathMap<V> extends AbstractMap<ContextPath, V> {
    private static final PathMap<Object> EMPTY = new PathMap<>(new ContextPath[0], new Object[0]);

    private final ContextPath[] paths;
    private final Object[] values;

    private PathMap(ContextPath[] paths, Object[] values) {
        this.paths = paths;
        this.values = values;
    }

    /** What is at one path of two maps. */
    public interface Visitor<V> {
        /** Called for each path in order; not both are null. */
        void visit(ContextPath path, @Nullable V one, @Nullable V other);
    }

    /** Without entries. */
    @SuppressWarnings("unchecked") // there is nothing in it
    public static <V> PathMap<V> empty() {
        return (PathMap<V>) EMPTY;
    }

    /** With the entries that a map has now. */
    @SuppressWarnings("unchecked") // one that never changes may be used as one of a wider type
    public static <V> PathMap<V> copyOf(Map<ContextPath, ? extends V> map) {
        if (map instanceof PathMap<?> same) {
            return (PathMap<V>) same;
        }
        SortedMap<ContextPath, V> sorted = new TreeMap<>(map);
        return new PathMap<>(
                sorted.keySet().toArray(new ContextPath[0]), sorted.values().toArray());
    }

    /**
     * A map that differs from this one.
     *
     * @param changes by path; null where nothing is any more
     */
    public PathMap<V> with(SortedMap<ContextPath, @Nullable V> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        ContextPath[] allPaths = new ContextPath[paths.length + changes.size()];
        Object[] all = new Object[allPaths.length];
        int from = 0;
        int to = 0;
        for (Map.Entry<ContextPath, @Nullable V> change : changes.entrySet()) {
            int place = Arrays.binarySearch(paths, from, paths.length, change.getKey());
            int next = place < 0 ? -place - 1 : place;
            System.arraycopy(paths, from, allPaths, to, next - from);
            System.arraycopy(values, from, all, to, next - from);
            to += next - from;
            from = place < 0 ? next : next + 1;
            V value = change.getValue();
            if (value != null) {
                allPaths[to] = place < 0 ? change.getKey() : paths[place];
                all[to++] = value;
            }
        }
        System.arraycopy(paths, from, allPaths, to, paths.length - from);
        System.arraycopy(values, from, all, to, paths.length - from);
        to += paths.length - from;
        return new PathMap<>(Arrays.copyOf(allPaths, to), Arrays.copyOf(all, to));
    }

    /** Visits each path that is in this map or in another one, or in both with values that are not one and the same object. */
    @SuppressWarnings("ReferenceEquality") // what is the same need not be looked into
    public void differences(PathMap<V> other, Visitor<V> visitor) {
        int i = 0;
        int j = 0;
        while (i < paths.length || j < other.paths.length) {
            boolean both = i < paths.length && j < other.paths.length;
            if (both && values[i] == other.values[j] && paths[i] == other.paths[j]) {
                i++; // nearly all, and therefore without a call
                j++;
                continue;
            }
            int order = both ? paths[i].compareTo(other.paths[j]) : i < paths.length ? -1 : 1;
            V one = order > 0 ? null : value(i);
            V two = order < 0 ? null : other.value(j);
            if (one != two) {
                visitor.visit(order > 0 ? other.paths[j] : paths[i], one, two);
            }
            i += order > 0 ? 0 : 1;
            j += order < 0 ? 0 : 1;
        }
    }

    @SuppressWarnings("unchecked") // all of them are
    private V value(int place) {
        return (V) values[place];
    }

    private int find(@Nullable Object key) {
        return key instanceof ContextPath path ? Arrays.binarySearch(paths, path) : -1;
    }

    @Override
    public int size() {
        return paths.length;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return find(key) >= 0;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        int place = find(key);
        return place < 0 ? null : value(place);
    }

    @Override
    public void forEach(BiConsumer<? super ContextPath, ? super V> action) {
        for (int i = 0; i < paths.length; i++) {
            action.accept(paths[i], value(i));
        }
    }

    @Override
    @SuppressWarnings("unchecked") // all of them are
    public Collection<V> values() {
        return (Collection<V>) Collections.unmodifiableList(Arrays.asList(values));
    }

    @Override
    public Set<Map.Entry<ContextPath, V>> entrySet() {
        return new Entries();
    }

    /** A view. */
    private final class Entries extends AbstractSet<Map.Entry<ContextPath, V>> {
        @Override
        public int size() {
            return paths.length;
        }

        @Override
        public Iterator<Map.Entry<ContextPath, V>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < paths.length;
                }

                @Override
                public Map.Entry<ContextPath, V> next() {
                    if (next == paths.length) {
                        throw new NoSuchElementException();
                    }
                    return Map.entry(paths[next], value(next++));
                }
            };
        }
    }
}
