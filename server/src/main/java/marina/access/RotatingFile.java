package marina.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import marina.config.AccessFileConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that begins anew each day and when it is large enough: {@code access.log} becomes
 * {@code access.2026-11-21.0.log}, perhaps compressed, and the oldest of those go. When somebody else has moved it away, as
 * logrotate does, the next line makes a new one; nobody has to be told. One thread.
 */
public final class RotatingFile implements LineTarget {
    private static final Logger LOG = LoggerFactory.getLogger(RotatingFile.class);
    private static final long LOOK_MILLIS = 500;
    private static final int MOST_PENDING = 256 * 1024;

    private final Path file;
    private final AccessFileConfig config;
    private final Clock clock;
    private final StringBuilder pending = new StringBuilder();
    private @Nullable FileChannel open;
    private @Nullable Object key; // this and what follows: while it is open
    private LocalDate day = LocalDate.MIN;
    private long dayEnds; // in milliseconds: to ask the calendar for each line is slow
    private long size;
    private long lookedAt;
    private @Nullable Thread compressing;

    /** One that is not open yet. */
    public RotatingFile(Path file, AccessFileConfig config, Clock clock) {
        this.file = file;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public void add(String line) throws IOException {
        if (open == null || pending.length() > MOST_PENDING) {
            flush();
        }
        FileChannel channel = current(line.length() + 1);
        Objects.requireNonNull(channel);
        pending.append(line).append('\n');
    }

    @Override
    public void flush() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(pending.toString().getBytes(StandardCharsets.UTF_8));
        pending.setLength(0);
        FileChannel channel = open == null ? open() : open;
        try {
            while (bytes.hasRemaining()) {
                size += channel.write(bytes);
            }
        } catch (IOException e) {
            shut();
            throw e;
        }
    }

    @Override
    public void close() {
        shut();
        Thread last = compressing;
        if (last != null) {
            try {
                last.join(LOOK_MILLIS * 4);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The file that the next line belongs in. */
    private FileChannel current(int more) throws IOException {
        FileChannel channel = open == null ? open() : open;
        long now = clock.millis();
        if (now - lookedAt >= LOOK_MILLIS || now < lookedAt) {
            lookedAt = now;
            if (hasGone()) {
                flush();
                shut();
                channel = open();
            }
        }
        boolean nextDay = config.daily() && now >= dayEnds;
        boolean full =
                config.size() > 0 && size + pending.length() > 0 && size + pending.length() + more > config.size();
        if (nextDay || full) {
            flush();
            shut();
            rotate(day);
            channel = open();
        }
        return channel;
    }

    private boolean hasGone() {
        try {
            return !Objects.equals(key, attributes().fileKey());
        } catch (IOException e) {
            return true;
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    private FileChannel open() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (config.daily() && open == null) {
            rotateWhatIsOfAnotherDay();
        }
        boolean cut = endsWithinALine();
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        open = channel;
        size = channel.size();
        day = today();
        dayEnds = day.plusDays(1).atStartOfDay(clock.getZone()).toInstant().toEpochMilli();
        key = attributes().fileKey();
        if (cut) {
            size += channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return channel;
    }

    private void rotateWhatIsOfAnotherDay() throws IOException {
        try {
            BasicFileAttributes last = attributes();
            LocalDate then = LocalDate.ofInstant(last.lastModifiedTime().toInstant(), clock.getZone());
            if (last.size() > 0 && then.isBefore(today())) {
                rotate(then);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} begins", file);
        }
    }

    /** A full disk, or a kill, may have left half a line. */
    private boolean endsWithinALine() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (FileChannel last = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(1);
            return last.read(end, last.size() - 1) == 1 && end.get(0) != '\n';
        }
    }

    private void shut() {
        FileChannel channel = open;
        open = null;
        pending.setLength(0);
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("{} was not closed cleanly", file, e);
            }
        }
    }

    private void rotate(LocalDate of) throws IOException {
        int number = 0;
        Path older = older(of, number);
        while (Files.exists(older) || Files.exists(compressed(older))) {
            older = older(of, ++number);
        }
        try {
            Files.move(file, older);
        } catch (NoSuchFileException e) {
            return; // somebody else was faster
        }
        if (config.compress()) {
            compress(older);
        }
        removeOldest();
    }

    private Path older(LocalDate of, int number) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        return file.resolveSibling(stem + "." + of + "." + number + (dot < 0 ? "" : name.substring(dot)));
    }

    private static Path compressed(Path older) {
        return older.resolveSibling(older.getFileName() + ".gz");
    }

    /** Beside the writing, one after the other. */
    private void compress(Path older) {
        Thread before = compressing;
        Thread next = new Thread(
                () -> {
                    try {
                        if (before != null) {
                            before.join();
                        }
                        zip(older);
                    } catch (IOException e) {
                        LOG.warn("{} stays as it is, compressing failed: {}", older, e.toString());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "marina-access-gzip");
        next.setDaemon(true);
        compressing = next;
        next.start();
    }

    private static void zip(Path older) throws IOException {
        Path target = compressed(older);
        Path draft = target.resolveSibling(target.getFileName() + ".part");
        try (InputStream in = Files.newInputStream(older);
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(draft), 64 * 1024)) {
            in.transferTo(out);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(older);
    }

    private void removeOldest() throws IOException {
        if (config.keep() == 0) {
            return;
        }
        String name = String.valueOf(file.getFileName());
        String stem = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        List<Path> older = new ArrayList<>();
        try (Stream<Path> all = Files.list(file.toAbsolutePath().getParent())) {
            all.filter(one -> !one.getFileName().toString().endsWith(".part"))
                    .filter(one -> one.getFileName()
                            .toString()
                            .matches("\\Q" + stem + "\\E\\.\\d{4}-\\d\\d-\\d\\d\\.\\d+(\\..*)?"))
                    .forEach(older::add);
        }
        older.sort(Comparator.comparing(RotatingFile::dayOf)
                .thenComparingInt(RotatingFile::numberOf)
                .reversed());
        for (Path one : older.stream().skip(config.keep()).toList()) {
            try {
                Files.deleteIfExists(one);
            } catch (IOException e) {
                LOG.warn("{} is too old and cannot be deleted; delete it, or it stays: {}", one, e.toString());
            }
        }
    }

    private static String dayOf(Path older) {
        return String.valueOf(older.getFileName()).replaceAll(".*\\.(\\d{4}-\\d\\d-\\d\\d)\\..*", "$1");
    }

    private static int numberOf(Path older) {
        String number =
                String.valueOf(older.getFileName()).replaceAll(".*\\.\\d{4}-\\d\\d-\\d\\d\\.(\\d{1,8}).*", "$1");
        return number.matches("\\d+") ? Integer.parseInt(number) : 0;
    }
}
