package marina.webapp;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** The files of a WAR, which stay where they are until they are given back. Thread-safe. */
final class WarFiles implements AutoCloseable {
    private final Path archive;
    private final Path folder;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Files that are in use.
     *
     * @param archive that they are of
     * @param folder where they are; the archive itself, when that is a folder
     */
    WarFiles(Path archive, Path folder, Runnable release) {
        this.archive = archive;
        this.folder = folder;
        this.release = release;
    }

    Path archive() {
        return archive;
    }

    Path folder() {
        return folder;
    }

    /** Gives them back; twice does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
