package marina.export;

import java.nio.file.Path;

/**
 * A file that an edge can answer with.
 *
 * @param path within its site, beginning with a slash, as it is on disk
 * @param file where it is
 * @param hash of its content: the ETag, and the first part of its key
 * @param size in bytes
 * @param modifiedSeconds since 1970
 * @param direct whether its own path leads to it, not only that of its folder or without its suffix
 */
record PublicFile(String path, Path file, String hash, long size, long modifiedSeconds, boolean direct) {

    /** What it is called in the bucket. Another content gets another key, so that nothing there ever changes. */
    String key() {
        return hash + path.substring(path.lastIndexOf('/'));
    }
}
