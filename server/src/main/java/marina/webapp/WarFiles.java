package marina.webapp;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The files of a WAR, which stay where they are until they are given back. Thread-safe. */
final class WarFiles implements AutoCloseable {
    private final Path archive;
    private final Path folder;
    private final Optional<Path> scan;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Files that are in use.
     *
     * @param archive that they are of
     * @param folder where they are; the archive itself, when that is a folder
     * @param scan where it can be kept what has been found in them; empty when they may change
     */
    WarFiles(Path archive, Path folder, Optional<Path> scan, Runnable release) {
        this.archive = archive;
        this.folder = folder;
        this.scan = scan;
        this.release = release;
    }

    Path archive() {
        return archive;
    }

    Path folder() {
        return folder;
    }

    Optional<Path> scan() {
        return scan;
    }

    /** Gives them back; twice does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
