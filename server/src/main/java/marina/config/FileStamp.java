package marina.config;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Tells one content of a file from the next without reading all of it.
 *
 * @param size bytes; for a folder, the sum over what is watched of it
 * @param modified last modification, nanoseconds since 1970; for a folder, the latest of what is watched
 * @param detail a check sum of what else tells two contents apart; 0 when nothing else was looked at
 */
public record FileStamp(long size, long modified, long detail) {

    /** Of what is not there. */
    public static final FileStamp ABSENT = new FileStamp(0, 0);

    private static final String WEB_XML = "WEB-INF/web.xml";
    private static final List<String> CODE = List.of("WEB-INF/classes", "WEB-INF/lib");

    /** What a web application does not write itself while it runs, as it does with logs. */
    private static final List<String> READ_AT_START = List.of(".jar", ".class", ".properties", ".xml");

    /** An archive ends in its table of contents, with a check sum of each file in it. */
    private static final int TABLE_OF_CONTENTS = 64 * 1024;

    /** A stamp without details. */
    public FileStamp(long size, long modified) {
        this(size, modified, 0);
    }

    /**
     * The stamp of a packed or an exploded WAR as it is now; {@link #ABSENT} when it is gone. It tells a packed one apart
     * even when size and time are the same. Of an exploded one it takes what is read when it starts: touching web.xml is
     * Tomcat's way to ask for a new start, and jars are replaced by whoever deploys.
     */
    public static FileStamp of(Path archive) {
        CRC32 detail = new CRC32();
        try {
            add(detail, archive.toRealPath());
            if (Files.isDirectory(archive)) {
                return ofFolder(archive, detail);
            }
            addEnd(detail, archive);
        } catch (IOException e) {
            // what is gone by now has the stamp of what is absent
        }
        FileStamp file = ofFile(archive);
        return file.equals(ABSENT) ? ABSENT : new FileStamp(file.size, file.modified, detail.getValue());
    }

    /** The stamp of a file or folder itself, by size and time; {@link #ABSENT} when it is gone. */
    public static FileStamp ofFile(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(
                    attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
        } catch (IOException e) {
            return ABSENT;
        }
    }

    private static FileStamp ofFolder(Path folder, CRC32 detail) throws IOException {
        FileStamp sum = ofFile(folder.resolve(WEB_XML)).addTo(detail, ABSENT);
        for (String name : CODE) {
            Path code = folder.resolve(name);
            if (Files.isDirectory(code)) {
                for (Path entry : list(code)) {
                    add(detail, entry.getFileName());
                    boolean readAtStart = READ_AT_START.stream().anyMatch(entry.toString()::endsWith);
                    sum = readAtStart ? ofFile(entry).addTo(detail, sum) : sum;
                }
            }
        }
        return new FileStamp(sum.size, sum.modified, detail.getValue());
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    /** What both are together. */
    private FileStamp addTo(CRC32 detail, FileStamp sum) {
        add(detail, size + " " + modified);
        return new FileStamp(sum.size + size, Math.max(sum.modified, modified));
    }

    private static void add(CRC32 detail, Object text) {
        detail.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void addEnd(CRC32 detail, Path archive) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TABLE_OF_CONTENTS));
            byte[] end = new byte[TABLE_OF_CONTENTS];
            int length = 0;
            for (int read = 0; read >= 0 && length < end.length; length += Math.max(0, read)) {
                read = file.read(end, length, end.length - length);
            }
            detail.update(end, 0, length);
        }
    }
}
