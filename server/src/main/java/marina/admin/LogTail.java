package marina.admin;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prints the end of a log file and, if asked, what is added to it: across rotation, which renames the file, and from the
 * first line on when there is no file yet. For one thread.
 */
final class LogTail {
    private static final int BLOCK = 8192;

    private final Path file;
    private final Terminal terminal;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LogTail(Path file, Terminal terminal) {
        this.file = file;
        this.terminal = terminal;
    }

    /** Prints the last lines, all when there are fewer; whether there is a file. */
    boolean last(int lines) throws IOException {
        Optional<Opened> opened = open();
        if (opened.isEmpty()) {
            return false;
        }
        try (Opened log = opened.get()) {
            seekLast(log.data, lines);
            printRest(log.data);
            endLine();
            return true;
        }
    }

    /** Prints the last lines and then every new one, until nobody reads them any more or the thread is interrupted. */
    void follow(int lines) throws IOException {
        Optional<Opened> opened = open();
        if (opened.isPresent()) {
            seekLast(opened.get().data, lines);
        }
        try {
            while (!terminal.isClosed()) {
                // Asked before the rest is read: what a file got before it was replaced is then read to its end.
                boolean replaced = opened.isPresent() && isReplaced(opened.get());
                if (opened.isPresent()) {
                    printRest(opened.get().data);
                }
                if (replaced) {
                    endLine();
                    printRotatedSince(opened.get());
                    opened.get().close();
                    opened = Optional.empty();
                }
                if (opened.isEmpty()) {
                    opened = open();
                }
                if (!replaced) {
                    LiveProcess.pause();
                }
            }
        } finally {
            if (opened.isPresent()) {
                opened.get().close();
            }
        }
    }

    /** An application that prints fast may have filled more than one file between two looks. */
    private void printRotatedSince(Opened opened) throws IOException {
        List<Opened> missed = new ArrayList<>();
        try {
            boolean known = false;
            for (int i = 1; !known && Files.exists(older(i)); i++) {
                Opened rotated = new Opened(new RandomAccessFile(older(i).toFile(), "r"), key(older(i)));
                missed.add(0, rotated);
                known = Objects.equals(rotated.key, opened.key);
            }
            if (known) {
                for (Opened rotated : missed.subList(1, missed.size())) {
                    printRest(rotated.data);
                    endLine();
                }
            }
        } catch (FileNotFoundException | NoSuchFileException e) {
            terminal.say("(lines are missing here: the log is rotated faster than it can be read)");
        } finally {
            for (Opened rotated : missed) {
                rotated.close();
            }
        }
    }

    private Path older(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** The file that is there now, from its beginning; empty when there is none, or it is being replaced. */
    private Optional<Opened> open() throws IOException {
        Optional<BasicFileAttributes> before = attributes();
        if (before.isEmpty()) {
            return Optional.empty();
        }
        Opened opened;
        try {
            opened = new Opened(
                    new RandomAccessFile(file.toFile(), "r"), before.get().fileKey());
        } catch (FileNotFoundException e) {
            if (Files.exists(file)) {
                throw new IOException(file + " cannot be read; look at its owner and mode", e);
            }
            return Optional.empty();
        }
        if (isReplaced(opened)) {
            opened.close();
            return Optional.empty();
        }
        return Optional.of(opened);
    }

    /** Another file has its name, or it was cut off; a name that is free for a moment says nothing yet. */
    private boolean isReplaced(Opened opened) throws IOException {
        Optional<BasicFileAttributes> now = attributes();
        return now.isPresent()
                && (!Objects.equals(opened.key, now.get().fileKey())
                        || now.get().size() < opened.data.getFilePointer());
    }

    private Optional<BasicFileAttributes> attributes() throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void seekLast(RandomAccessFile data, int lines) throws IOException {
        byte[] block = new byte[BLOCK];
        long end = data.length();
        long rest = lines;
        for (long from = end; from > 0; ) {
            int length = (int) Math.min(BLOCK, from);
            from -= length;
            data.seek(from);
            data.readFully(block, 0, length);
            for (int i = length - 1; i >= 0; i--) {
                boolean endsTheFile = from + i == end - 1;
                if (block[i] == '\n' && !endsTheFile) {
                    rest--;
                }
                if (rest == 0) {
                    data.seek(lines == 0 ? end : from + i + 1);
                    return;
                }
            }
        }
        data.seek(0);
    }

    private void printRest(RandomAccessFile data) throws IOException {
        byte[] block = new byte[BLOCK];
        for (int read = data.read(block); read > 0; read = data.read(block)) {
            for (int i = 0; i < read; i++) {
                if (block[i] == '\n') {
                    terminal.line(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else {
                    line.write(block[i]);
                }
            }
        }
    }

    private void endLine() {
        if (line.size() > 0) {
            terminal.line(line.toString(StandardCharsets.UTF_8));
            line.reset();
        }
    }

    /** An open file and what tells it from another of its name. */
    private static final class Opened implements AutoCloseable {
        private final RandomAccessFile data;
        private final @Nullable Object key;

        Opened(RandomAccessFile data, @Nullable Object key) {
            this.data = data;
            this.key = key;
        }

        @Override
        public void close() throws IOException {
            data.close();
        }
    }
}
