package marina.files;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from another.
 *
 * @param real where it is, links resolved
 * @param key inode and device, null where the file system has none
 */
record FileStamp(Path real, @Nullable Object key, long size, Instant modified) {

    static FileStamp of(Path real, BasicFileAttributes attributes) {
        return new FileStamp(
                real,
                attributes.fileKey(),
                attributes.size(),
                attributes.lastModifiedTime().toInstant());
    }

    /** A strong validator (RFC 9110 section 8.8.1), the same on machines that got the file with its time. */
    String etag(String suffix) {
        long nanos = modified.getEpochSecond() * 1_000_000_000L + modified.getNano();
        return "\"" + Long.toString(nanos, 36) + "-" + Long.toString(size, 36) + suffix + "\"";
    }
}
