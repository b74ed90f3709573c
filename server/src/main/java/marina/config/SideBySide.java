package marina.config;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Goes through two maps by path at the same time, however many entries they have. */
public final class SideBySide {
    private SideBySide() {}

    /** What is at one path. */
    public interface Visitor<A, B> {
        /** Called for each path in order; not both are null. */
        void visit(ContextPath path, @Nullable A one, @Nullable B other);
    }

    /** Visits each path that is in one of them, or in both. */
    public static <A, B> void visit(
            SortedMap<ContextPath, A> ones, SortedMap<ContextPath, B> others, Visitor<A, B> visitor) {
        Iterator<Map.Entry<ContextPath, A>> left = ones.entrySet().iterator();
        Iterator<Map.Entry<ContextPath, B>> right = others.entrySet().iterator();
        Map.Entry<ContextPath, A> one = next(left);
        Map.Entry<ContextPath, B> other = next(right);
        while (one != null || other != null) {
            int order = one == null ? 1 : other == null ? -1 : one.getKey().compareTo(other.getKey());
            ContextPath path = order <= 0 && one != null
                    ? one.getKey()
                    : Objects.requireNonNull(other).getKey();
            visitor.visit(
                    path,
                    order <= 0 && one != null ? one.getValue() : null,
                    order >= 0 && other != null ? other.getValue() : null);
            one = order <= 0 ? next(left) : one;
            other = order >= 0 ? next(right) : other;
        }
    }

    private static <V> Map.@Nullable Entry<ContextPath, V> next(Iterator<Map.Entry<ContextPath, V>> entries) {
        return entries.hasNext() ? entries.next() : null;
    }
}
