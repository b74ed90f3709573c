package marina.process;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import marina.process.ProcessTree.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder with one small file per running process, for the Marina that comes after one that was killed. */
final class ProcessRecords {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessRecords.class);
    private static final String SUFFIX = ".process";

    private final Path folder;

    ProcessRecords(Path folder) {
        this.folder = folder;
    }

    /** Writes or replaces the record of a process; the file is never seen half written. */
    void write(ProcessRecord entry) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("owner", entry.owner());
        properties.setProperty("boot", entry.boot());
        properties.setProperty("pid", Long.toString(entry.identity().pid()));
        properties.setProperty("start", Long.toString(entry.identity().startTicks()));
        properties.setProperty("cgroup", entry.cgroup().folder().toString());
        properties.setProperty("session", Boolean.toString(entry.identity().leadsSession()));
        StringWriter text = new StringWriter();
        properties.store(text, null);
        Files.createDirectories(folder);
        String mark = entry.identity().mark();
        Path draft = folder.resolve(mark + ".draft");
        Files.writeString(draft, text.toString());
        Files.move(draft, file(mark), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Where the record of a process is. */
    Path file(String mark) {
        return folder.resolve(mark + SUFFIX);
    }

    /** Forgets a record. */
    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("Cannot delete the process record {}: {}", file, e.toString());
        }
    }

    /** All files of the folder, records or not; empty when it does not exist yet. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(files::add);
            }
        }
        return files;
    }

    /**
     * One record.
     *
     * @throws IOException when it cannot be read or is no record
     */
    static ProcessRecord read(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            throw new IOException("not the name of a process record");
        }
        String mark = name.substring(0, name.length() - SUFFIX.length());
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return new ProcessRecord(
                    new Identity(
                            Long.parseLong(properties.getProperty("pid", "")),
                            Long.parseLong(properties.getProperty("start", "")),
                            Boolean.parseBoolean(properties.getProperty("session")),
                            mark),
                    properties.getProperty("boot", ""),
                    properties.getProperty("owner", "?"),
                    cgroup(properties.getProperty("cgroup", ""), mark));
        } catch (IllegalArgumentException e) {
            throw new IOException("not a process record: " + e.getMessage(), e);
        }
    }

    /** What a record says may be killed and removed only when its name says that it was made for this process. */
    private static Cgroup cgroup(String folder, String mark) {
        boolean ours = !mark.isEmpty() && folder.startsWith("/") && folder.endsWith("-" + mark);
        return ours ? new Cgroup(Path.of(folder)) : Cgroup.NONE;
    }

    /**
     * What is remembered of a process.
     *
     * @param identity which process; pid 0 when Marina was killed before it knew
     * @param boot of the machine; pids and start times of another boot mean nothing
     * @param owner in the operator's words
     * @param cgroup that was made for it, or none
     */
    record ProcessRecord(Identity identity, String boot, String owner, Cgroup cgroup) {}
}
