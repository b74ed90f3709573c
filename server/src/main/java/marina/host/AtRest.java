package marina.host;

import java.nio.file.Path;
import java.util.Collection;

/**
 * Whether what has been read was whole: who writes a file empties it first, and an empty file of the configuration is as good
 * as any other.
 */
@FunctionalInterface
public interface AtRest {
    /** Of who says that now is the time. */
    AtRest TAKEN_FOR_GRANTED = read -> true;

    /**
     * Whether files are as they were when they had come to rest, the ones that have been read and all others that belong to
     * them. Asked after reading.
     *
     * @param read absolute paths
     */
    boolean isStill(Collection<Path> read);
}
