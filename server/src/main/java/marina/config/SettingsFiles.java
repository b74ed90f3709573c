package marina.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files that a configuration is written in: those that lie on the disk, or others, which are tried without being put
 * there. Remembers what has been read of them, so that what is kept of a configuration is what it was made from. One thread.
 */
public final class SettingsFiles {
    private static final int DEEPEST = 16;

    private final boolean onDisk;
    private final Map<Path, byte[]> others;
    private final SortedMap<Path, byte[]> read = new TreeMap<>();

    private SettingsFiles(boolean onDisk, Map<Path, byte[]> others) {
        this.onDisk = onDisk;
        this.others = others;
    }

    /** Those that lie there. */
    public static SettingsFiles onDisk() {
        return new SettingsFiles(true, Map.of());
    }

    /** These and no others, whatever lies on the disk; by their absolute paths. */
    public static SettingsFiles insteadOfDisk(Map<Path, byte[]> files) {
        return new SettingsFiles(false, Map.copyOf(files));
    }

    /**
     * What lies there now, without judging it: the server file and those below conf/contexts; one that cannot be read is left
     * out.
     */
    public static SortedMap<Path, byte[]> present(Directories directories, Path serverFile) {
        SettingsFiles files = onDisk();
        Stream.concat(Stream.of(serverFile), files.present(directories.conf().resolve("contexts")))
                .forEach(file -> {
                    try {
                        files.read(file);
                    } catch (IOException e) {
                        files.read.remove(file); // it is not there any more
                    }
                });
        return files.read();
    }

    private Stream<Path> present(Path folder) {
        try {
            return below(folder).stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }

    /** What has been read so far, by absolute path. */
    public SortedMap<Path, byte[]> read() {
        return new TreeMap<>(read);
    }

    /** What has been read of a file. */
    Optional<byte[]> content(Path file) {
        return Optional.ofNullable(read.get(absolute(file)));
    }

    boolean exists(Path file) {
        return onDisk ? Files.exists(file) : others.containsKey(absolute(file));
    }

    /** A file that is no part of the configuration, such as one of users: it is not kept with it, and always the one on the disk. */
    byte[] look(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    byte[] read(Path file) throws IOException {
        byte[] content = onDisk ? Files.readAllBytes(file) : others.get(absolute(file));
        if (content == null) {
            throw new NoSuchFileException(file.toString());
        }
        read.put(absolute(file), content);
        return content;
    }

    /** The YAML files below a folder in order; hidden ones, and those in hidden folders, are nobody's business. */
    List<Path> below(Path folder) throws IOException {
        if (!onDisk) {
            Path root = absolute(folder);
            return others.keySet().stream()
                    .filter(file -> file.startsWith(root) && isSetting(root, file))
                    .sorted()
                    .toList();
        }
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.find(
                folder, DEEPEST, (file, attributes) -> attributes.isRegularFile(), FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(file -> isSetting(folder, file)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean isSetting(Path folder, Path file) {
        String name = file.toString();
        boolean isHidden = name.indexOf("/.", folder.toString().length()) >= 0;
        return !isHidden && (name.endsWith(".yml") || name.endsWith(".yaml"));
    }

    private static Path absolute(Path file) {
        return file.toAbsolutePath().normalize();
    }
}
