package marina.context;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that never grows beyond a size: {@code app.log} becomes {@code app.log.1}, that one
 * {@code app.log.2}, and the oldest goes. Every line is handed to the operating system at once, so that nothing is lost
 * when Marina is killed. A write that failed closes the file; the next one opens it again. For one thread at a time.
 */
final class RotatedFile implements AutoCloseable {
    private final Path file;
    private final long limit;
    private final int kept;
    private @Nullable OutputStream open;
    private long size; // while it is open

    /**
     * Opens nothing yet.
     *
     * @param limit in bytes, of one file
     * @param kept how many older files stay
     */
    RotatedFile(Path file, long limit, int kept) {
        this.file = file;
        this.limit = limit;
        this.kept = kept;
    }

    /** Appends a line, which has its end; goes over to a new file before one that would be too large. */
    void write(byte[] line) throws IOException {
        OutputStream out = open == null ? open() : open;
        if (size > 0 && size + line.length > limit) {
            close();
            rotate();
            out = open();
        }
        try {
            out.write(line);
            size += line.length;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        OutputStream out = open;
        open = null;
        if (out != null) {
            out.close();
        }
    }

    private OutputStream open() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        boolean cut = endsWithinALine();
        OutputStream out = new FileOutputStream(file.toFile(), true);
        open = out;
        size = Files.size(file);
        if (cut) {
            out.write('\n');
            size++;
        }
        return out;
    }

    /** A full disk, or a kill, may have left half a line. */
    private boolean endsWithinALine() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (RandomAccessFile last = new RandomAccessFile(file.toFile(), "r")) {
            last.seek(last.length() - 1);
            return last.read() != '\n';
        }
    }

    private void rotate() throws IOException {
        for (int i = kept; i > 0; i--) {
            Path from = i == 1 ? file : older(i - 1);
            if (Files.exists(from)) {
                Files.move(from, older(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path older(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }
}
