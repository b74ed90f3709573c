package marina.host;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import marina.config.ContextPath;
import org.jspecify.annotations.Nullable;

/**
 * Finds the context of a path: the longest mounted prefix that ends at a segment boundary. Immutable, shared by all
 * threads without locks; a look-up reads the path once, whatever the number of contexts, and allocates nothing.
 *
 * @param <T> what is mounted
 */
final class MountTable<T> {
    private final SortedMap<ContextPath, T> mounts;
    private final Node<T> root;

    MountTable(Map<ContextPath, T> mounts) {
        this.mounts = new TreeMap<>(mounts);
        this.root = new Node<>("");
        this.mounts.forEach((path, mount) -> root.insert(path.value(), mount));
    }

    /** What is mounted, by path. */
    Map<ContextPath, T> mounts() {
        return mounts;
    }

    /** The mount of a canonical path, or null when none takes it, not even {@code /}. */
    @Nullable
    T find(String path) {
        Node<T> node = root;
        T best = root.mount;
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            Node<T> child = node.child(path, start, end);
            if (child == null) {
                return best;
            }
            if (child.mount != null) {
                best = child.mount;
            }
            node = child;
            start = end + 1;
        }
        return best;
    }

    /** One segment; its children in an open-addressed hash table that is never more than half full. */
    private static final class Node<T> {
        private final String segment;
        private @Nullable T mount;

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        private @Nullable Node<T>[] table = new Node[2];

        private int children;

        Node(String segment) {
            this.segment = segment;
        }

        void insert(String path, T value) {
            Node<T> node = this;
            int start = 1;
            while (start < path.length()) {
                int slash = path.indexOf('/', start);
                int end = slash < 0 ? path.length() : slash;
                Node<T> child = node.child(path, start, end);
                if (child == null) {
                    child = new Node<>(path.substring(start, end));
                    node.add(child);
                }
                node = child;
                start = end + 1;
            }
            node.mount = value;
        }

        @Nullable
        Node<T> child(String path, int start, int end) {
            int mask = table.length - 1;
            int slot = hash(path, start, end) & mask;
            Node<T> candidate = table[slot];
            while (candidate != null) {
                if (candidate.segment.length() == end - start && path.startsWith(candidate.segment, start)) {
                    return candidate;
                }
                slot = (slot + 1) & mask;
                candidate = table[slot];
            }
            return null;
        }

        private void add(Node<T> child) {
            if (++children * 2 > table.length) {
                grow();
            }
            place(child);
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        private void grow() {
            @Nullable Node<T>[] old = table;
            table = new Node[old.length * 2];
            for (Node<T> node : old) {
                if (node != null) {
                    place(node);
                }
            }
        }

        private void place(Node<T> child) {
            int mask = table.length - 1;
            int slot = hash(child.segment, 0, child.segment.length()) & mask;
            while (table[slot] != null) {
                slot = (slot + 1) & mask;
            }
            table[slot] = child;
        }

        private static int hash(String text, int start, int end) {
            int hash = 0;
            for (int i = start; i < end; i++) {
                hash = 31 * hash + text.charAt(i);
            }
            return hash ^ (hash >>> 16);
        }
    }
}
