package marina.host;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import marina.config.ContextPath;
import marina.config.PathMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the context of a path: the longest mounted prefix that ends at a segment boundary. Immutable, shared by all
 * threads without locks; a look-up reads the path once, whatever the number of contexts, and allocates nothing.
 *
 * @param <T> what is mounted
 */
final class MountTable<T> {
    /** With more changes than this, a table is sooner made anew. */
    private static final int MOST_CHANGES = 64;

    private final PathMap<T> mounts;
    private final Node<T> root;

    MountTable(Map<ContextPath, T> mounts) {
        this.mounts = PathMap.copyOf(mounts);
        this.root = new Node<>("");
        this.mounts.forEach((path, mount) -> root.insert(path.value(), mount));
    }

    private MountTable(PathMap<T> mounts, Node<T> root) {
        this.mounts = mounts;
        this.root = root;
    }

    /**
     * A table that shares with this one what is the same.
     *
     * @param changes what is mounted then where something else, or nothing, was; null where nothing is any more
     */
    MountTable<T> with(SortedMap<ContextPath, @Nullable T> changes) {
        PathMap<T> all = mounts.with(changes);
        if (changes.containsValue(null) || changes.size() > MOST_CHANGES) {
            return new MountTable<>(all);
        }
        Node<T> now = root;
        for (Map.Entry<ContextPath, @Nullable T> change : changes.entrySet()) {
            now = now.with(change.getKey().value(), Objects.requireNonNull(change.getValue()));
        }
        return new MountTable<>(all, now);
    }

    /** What is mounted, by path. */
    PathMap<T> mounts() {
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

        private @Nullable Node<T>[] table;

        private int children;

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        Node(String segment) {
            this.segment = segment;
            this.table = new Node[2];
        }

        private Node(Node<T> other) {
            this.segment = other.segment;
            this.mount = other.mount;
            this.table = other.table.clone();
            this.children = other.children;
        }

        /** A copy of this as the root, in which this is mounted at a path, with copies of all nodes on the way there. */
        Node<T> with(String path, T value) {
            Node<T> copy = new Node<>(this);
            Node<T> node = copy;
            int start = 1;
            while (start < path.length()) {
                int slash = path.indexOf('/', start);
                int end = slash < 0 ? path.length() : slash;
                Node<T> child = node.child(path, start, end);
                Node<T> next = child == null ? new Node<>(path.substring(start, end)) : new Node<>(child);
                if (child == null) {
                    node.add(next);
                } else {
                    node.replace(child, next);
                }
                node = next;
                start = end + 1;
            }
            node.mount = value;
            return copy;
        }

        @SuppressWarnings("ReferenceEquality") // just that node
        private void replace(Node<T> child, Node<T> next) {
            int slot = hash(child.segment, 0, child.segment.length()) & (table.length - 1);
            while (table[slot] != child) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = next;
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
