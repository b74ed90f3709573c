package marina.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;

/**
 * The pages in a public folder that have been made by this program, which it may replace; a hidden file lists them. While a page
 * is asked for anew the old one stands aside under a hidden name, because the server would answer with it. For one thread.
 */
final class PrerenderedPages {
    private static final String LIST = ".prerendered";

    private final Path folder;
    private final Set<String> names;
    private boolean tidied;

    PrerenderedPages(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        Path list = this.folder.resolve(LIST);
        this.names = new TreeSet<>(Files.exists(list) ? Files.readAllLines(list) : Set.of());
    }

    /**
     * Where a page goes.
     *
     * @param name relative to the folder
     * @throws ExportException when something lies there that was not made here, or the way there leads out of the folder
     */
    Path place(String name, boolean force) throws ExportException, IOException {
        Path file = folder.resolve(name).normalize();
        Path above = file.getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        if (above == null || !file.startsWith(folder) || !above.toRealPath().startsWith(folder)) {
            throw new ExportException("the file " + name + " would not lie in " + folder);
        }
        if (Files.isDirectory(file) || (Files.exists(file) && !names.contains(name) && !force)) {
            throw new ExportException(file + " is there and was not made by prerender; move it away, or write --force");
        }
        return file;
    }

    /** Whether a file was made here. */
    boolean isOurs(String name) {
        return names.contains(name);
    }

    /** Takes a page out of the server's sight; false when there is none. */
    boolean hide(Path file) throws IOException {
        boolean there = Files.exists(file);
        if (there) {
            Files.move(file, aside(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return there;
    }

    /** Brings it back, if nothing has taken its place. */
    void restore(Path file) throws IOException {
        if (Files.exists(aside(file)) && !Files.exists(file)) {
            Files.move(aside(file), file, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.deleteIfExists(aside(file));
    }

    /** Puts a page in its place, whole or not at all. */
    void put(String name, Path file, byte[] page) throws IOException {
        Path above = file.getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        write(file, page);
        boolean isNew = names.add(name);
        Path list = folder.resolve(LIST);
        if (!tidied) {
            names.removeIf(one -> !Files.exists(folder.resolve(one)) && !Files.exists(aside(folder.resolve(one))));
            write(list, (String.join("\n", names) + "\n").getBytes(StandardCharsets.UTF_8));
            tidied = true;
        } else if (isNew) {
            Files.writeString(list, name + "\n", StandardOpenOption.APPEND);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Path half = file.resolveSibling("." + file.getFileName() + ".half");
        Files.write(half, content);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path aside(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".before");
    }
}
