package marina.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Sees to it that an instance runs once: a lock that the operating system gives back even after kill -9, and beside it
 * the pid file that operators' tools read.
 */
public final class InstanceLock implements AutoCloseable {
    private final FileChannel channel;
    private final Path pidFile;

    private InstanceLock(FileChannel channel, Path pidFile) {
        this.channel = channel;
        this.pidFile = pidFile;
    }

    /**
     * Takes the lock and writes the pid file.
     *
     * @param run the instance's run folder, made when missing
     * @param pidFile usually run/marina.pid; MARINA_PID names another one
     * @return empty when another process has the lock
     * @throws IOException when the folder or the files cannot be written
     */
    public static Optional<InstanceLock> take(Path run, Path pidFile) throws IOException {
        Files.createDirectories(run);
        FileChannel channel =
                FileChannel.open(run.resolve("marina.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            return Optional.empty();
        }
        try {
            Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "the pid file " + pidFile + " cannot be written (" + e
                            + "); make its folder, or let MARINA_PID name another file",
                    e);
        }
        return Optional.of(new InstanceLock(channel, pidFile));
    }

    /** Whether a running Marina has the lock. */
    static boolean isHeld(Path run) throws IOException {
        Path file = run.resolve("marina.lock");
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** Gives the lock back and removes the pid file. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(pidFile);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
