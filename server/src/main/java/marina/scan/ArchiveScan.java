package marina.scan;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.annotations.AnnotationParser;
import org.eclipse.jetty.util.resource.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parser of one start of an archive: it reads the class files of a jar only when no start before has done so. What a class
 * file says depends on nothing but the archive, so that it holds for each level and for all settings. Thread-safe.
 */
public final class ArchiveScan extends AnnotationParser {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveScan.class);

    private final Path folder;
    private final Path file;
    private final Map<String, List<ScannedClass>> fresh = new ConcurrentHashMap<>();
    private @Nullable Map<String, List<ScannedClass>> known; // guarded by this

    /**
     * Knows what earlier starts have found.
     *
     * @param folder where the archive has been unpacked; nobody ever changes what is in there
     * @param file where the findings are kept; read when first needed, and need not be there
     */
    public ArchiveScan(Path folder, Path file) {
        this.folder = folder;
        this.file = file;
    }

    @Override
    public void parse(Set<? extends Handler> handlers, @Nullable Resource place) throws Exception {
        Optional<String> name = nameOf(place);
        if (place == null || name.isEmpty()) {
            super.parse(handlers, place);
            return;
        }
        List<ScannedClass> classes = known().get(name.get());
        if (classes != null) {
            // A scan mounts a jar as a file system, which MetaData then finds in no list of jars: as if it had no
            // place. So the
            // annotations of jars come first.
            Resource within = place.isDirectory() ? place : null;
            classes.forEach(type -> type.show(handlers, within));
            return;
        }
        ScannedClasses found = new ScannedClasses();
        Set<Handler> all = new HashSet<>(handlers);
        all.add(found);
        super.parse(all, place);
        fresh.put(name.get(), found.classes());
    }

    /** Of a jar or a folder within the archive. */
    private Optional<String> nameOf(@Nullable Resource place) {
        Path path = place == null ? null : place.getPath();
        return path != null && path.getFileSystem().equals(folder.getFileSystem()) && path.startsWith(folder)
                ? Optional.of(folder.relativize(path).toString())
                : Optional.empty();
    }

    private synchronized Map<String, List<ScannedClass>> known() {
        Map<String, List<ScannedClass>> scan = known;
        if (scan == null) {
            scan = read();
            known = scan;
        }
        return scan;
    }

    private Map<String, List<ScannedClass>> read() {
        try {
            return ScanFile.read(file);
        } catch (NoSuchFileException e) {
            LOG.debug("The first start of {}", folder);
        } catch (IOException e) {
            LOG.warn("{} cannot be used ({}); the classes are looked through again", file, e.toString());
        }
        return Map.of();
    }

    /**
     * Keeps what this start has found, if anything; forgets everything. To be called once, when the application has started.
     *
     * @param temp a folder on the same disk
     */
    public synchronized void keep(Path temp) {
        if (!fresh.isEmpty()) {
            try {
                fresh.putAll(known());
                ScanFile.write(fresh, temp.resolve("scan"), file);
            } catch (IOException e) {
                LOG.warn(
                        "{} cannot be written ({}); the next start looks through the classes again",
                        file,
                        e.toString());
            }
        }
        fresh.clear();
        _parsedClassNames.clear();
        known = Map.of();
    }
}
