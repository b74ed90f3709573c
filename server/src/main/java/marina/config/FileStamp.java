package marina.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Tells one content of a file from the next without reading it.
 *
 * @param size bytes; for a folder, the sum over those of its entries that are watched
 * @param modifiedMillis last modification, milliseconds since 1970; for a folder, the latest of what is watched
 */
public record FileStamp(long size, long modifiedMillis) {

    /** What changes in an exploded WAR when it is deployed anew. Touching web.xml is Tomcat's way to ask for that. */
    private static final List<String> WATCHED = List.of("WEB-INF", "WEB-INF/web.xml", "WEB-INF/classes", "WEB-INF/lib");

    /** The stamp of a packed or an exploded WAR as it is now; zeros when it is gone. */
    public static FileStamp of(Path archive) {
        if (!Files.isDirectory(archive)) {
            return ofOne(archive);
        }
        long size = 0;
        long modified = 0;
        for (String name : WATCHED) {
            FileStamp one = ofOne(archive.resolve(name));
            size += one.size;
            modified = Math.max(modified, one.modifiedMillis);
        }
        return new FileStamp(size, modified);
    }

    private static FileStamp ofOne(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(
                    attributes.size(), attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            return new FileStamp(0, 0);
        }
    }
}
