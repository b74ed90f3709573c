package marina.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.DateGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files below a folder, with their precompressed siblings. Symbolic links are followed within the folder and not out
 * of it. Immutable; its methods may block.
 *
 * @param root the folder
 * @param compresses whether small files of text are compressed when nobody has done it before
 */
record FileReader(Path root, boolean compresses) {
    private static final Logger LOG = LoggerFactory.getLogger(FileReader.class);

    /** What is larger is read from the disk, that is from the system's cache, for each answer. */
    private static final int KEPT_IN_MEMORY = 256 * 1024;

    private static final int WORTH_COMPRESSING = 1024;

    /** Content coding by extension of the sibling; the registry of RFC 9110 section 18.6. */
    private static final Map<String, String> CODINGS = Map.of("br", "br", "zst", "zstd", "gz", "gzip");

    /** File times may be no finer than this, so a file that was changed just before it was read may have changed after. */
    private static final Duration RACY = Duration.ofSeconds(2);

    /** A file that a path leads to, or null when it is none, is out of the folder, or cannot be read. */
    @Nullable
    StoredFile read(String relative, @Nullable StoredFile known) {
        Path file = path(relative);
        if (file == null || !file.toFile().isFile()) {
            return null; // this look costs no exception
        }
        try {
            return read(file, known);
        } catch (IOException e) {
            LOG.warn("Cannot read {}, the answer is 404: {}", file, e.toString());
            return null;
        }
    }

    /** Whether there is a folder. */
    boolean isDirectory(String relative) {
        Path file = path(relative);
        return file != null && file.toFile().isDirectory();
    }

    /** Whether there is a file that may be read, without reading it. */
    boolean isFile(String relative) {
        Path file = path(relative);
        return file != null && file.toFile().isFile();
    }

    private @Nullable Path path(String relative) {
        try {
            return root.resolve(relative.substring(1));
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Nullable
    StoredFile read(Path file, @Nullable StoredFile known) throws IOException {
        Path realRoot = root.toRealPath();
        FileStamp stamp = stamp(file, realRoot);
        if (stamp == null) {
            return null;
        }
        List<FileStamp> stamps = new ArrayList<>(List.of(stamp));
        List<String> codings = new ArrayList<>(List.of(""));
        String name = String.valueOf(file.getFileName());
        if (!CODINGS.containsKey(MediaTypes.extension(name))) {
            for (Map.Entry<String, String> coding : CODINGS.entrySet()) {
                FileStamp sibling = stamp(file.resolveSibling(name + "." + coding.getKey()), realRoot);
                // One that was not made again after an edit would hide it.
                if (sibling != null && !sibling.modified().plus(RACY).isBefore(stamp.modified())) {
                    stamps.add(sibling);
                    codings.add(coding.getValue());
                }
            }
        }
        return known != null && known.stamps().equals(stamps) && isSettled(stamps)
                ? known
                : load(name, List.copyOf(stamps), codings);
    }

    private static boolean isSettled(List<FileStamp> stamps) {
        Instant settled = Instant.now().minus(RACY);
        return stamps.stream().allMatch(stamp -> stamp.modified().isBefore(settled));
    }

    /** Null when there is no regular file within the folder. */
    private static @Nullable FileStamp stamp(Path file, Path realRoot) throws IOException {
        if (!file.toFile().isFile()) {
            return null;
        }
        Path real = file.toRealPath();
        if (!real.startsWith(realRoot)) {
            LOG.warn(
                    "{} leads out of {} and is not served; move the file there, or serve another folder",
                    file,
                    realRoot);
            return null;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isRegularFile() ? FileStamp.of(real, attributes) : null;
    }

    private StoredFile load(String name, List<FileStamp> stamps, List<String> codings) throws IOException {
        FileStamp stamp = stamps.get(0);
        String type = MediaTypes.ofFile(name);
        List<Representation> representations = new ArrayList<>();
        for (int i = 0; i < stamps.size(); i++) {
            representations.add(representation(stamps.get(i), codings.get(i)));
        }
        if (compresses && !codings.contains("gzip") && MediaTypes.isCompressible(type)) {
            addCompressed(representations, stamp);
        }
        return new StoredFile(
                stamps,
                stamp.modified().getEpochSecond(),
                type.isEmpty() ? null : new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, type),
                new PreEncodedHttpField(
                        HttpHeader.LAST_MODIFIED,
                        DateGenerator.formatDate(stamp.modified().toEpochMilli())),
                List.copyOf(representations));
    }

    private static Representation representation(FileStamp stamp, String coding) throws IOException {
        String etag = stamp.etag(coding.isEmpty() ? "" : "-" + coding);
        try (FileChannel channel = open(stamp.real())) {
            if (stamp.size() > KEPT_IN_MEMORY) {
                return Representation.of(coding, stamp.real(), stamp.size(), etag, null);
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect((int) stamp.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until it is full or the file, which has become shorter, ends
            }
            bytes.flip();
            return Representation.of(coding, stamp.real(), bytes.remaining(), etag, bytes);
        }
    }

    private static void addCompressed(List<Representation> representations, FileStamp stamp) throws IOException {
        Representation plain = representations.get(0);
        ByteBuffer bytes = plain.bytes();
        if (bytes == null || plain.size() < WORTH_COMPRESSING) {
            return;
        }
        byte[] content = new byte[bytes.remaining()];
        bytes.duplicate().get(content);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(content.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        }
        if (compressed.size() < content.length) {
            ByteBuffer direct = ByteBuffer.allocateDirect(compressed.size());
            direct.put(compressed.toByteArray()).flip();
            // Weak: another machine's zlib may make other bytes of the same file.
            String etag = "W/" + stamp.etag("-gz");
            representations.add(Representation.of("gzip", plain.file(), compressed.size(), etag, direct));
        }
    }

    static FileChannel open(Path real) throws IOException {
        return FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }
}
