package marina.files;

import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * What a path of a site leads to.
 *
 * @param file null when it leads to no file
 * @param redirect whether the path with a slash at its end leads to a file
 * @param checkedAt when the disk was asked, by {@link NanoTime}
 */
record Lookup(@Nullable StoredFile file, boolean redirect, long checkedAt) {
    private static final int OVERHEAD = 400;

    static Lookup found(StoredFile file) {
        return new Lookup(file, false, NanoTime.now());
    }

    static Lookup redirected() {
        return new Lookup(null, true, NanoTime.now());
    }

    static Lookup missing() {
        return new Lookup(null, false, NanoTime.now());
    }

    boolean isMissing() {
        return file == null && !redirect;
    }

    /** Bytes of memory, about. */
    int weight() {
        return file == null ? OVERHEAD : (int) Math.min(Integer.MAX_VALUE, 4 * OVERHEAD + file.weight());
    }
}
