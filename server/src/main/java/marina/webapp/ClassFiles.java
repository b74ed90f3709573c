package marina.webapp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Shows the class files of an exploded WAR to somebody who looks for something in them. For one search; not thread-safe. */
final class ClassFiles {
    private static final String SUFFIX = ".class";

    /** Bounds the search in WARs with hundreds of jars; first-party classes come first, so this is seldom reached. */
    private static final int MOST_CLASSES = 4000;

    private final Path webInf;
    private final Descriptor descriptor;
    private final Consumer<byte[]> visitor;
    private int seen;

    /**
     * Nothing shown yet.
     *
     * @param visitor gets the bytes of one class after the other
     */
    ClassFiles(Path webInf, Descriptor descriptor, Consumer<byte[]> visitor) {
        this.webInf = webInf;
        this.descriptor = descriptor;
        this.visitor = visitor;
    }

    /** Shows WEB-INF/classes. */
    void showClasses() throws IOException {
        Path classes = webInf.resolve("classes");
        if (!Files.isDirectory(classes)) {
            return;
        }
        try (var files = Files.walk(classes)) {
            Iterator<Path> all = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .limit(MOST_CLASSES)
                    .iterator();
            while (all.hasNext()) {
                show(Files.readAllBytes(all.next()));
            }
        }
    }

    /** The jars in WEB-INF/lib, by name. */
    List<Path> jars() throws IOException {
        Path lib = webInf.resolve("lib");
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(lib)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(lib, "*.jar")) {
                files.forEach(jars::add);
            }
        }
        jars.sort(null);
        return jars;
    }

    /** Shows those classes of a jar that web.xml names. */
    void showNamed(ZipFile jar) throws IOException {
        for (String name : descriptor.classes()) {
            show(jar, jar.getEntry(name.replace('.', '/') + SUFFIX));
        }
    }

    /** Shows the classes of a jar, until enough have been seen. */
    void showAll(ZipFile jar) throws IOException {
        Iterator<? extends ZipEntry> entries = jar.entries().asIterator();
        while (entries.hasNext() && seen < MOST_CLASSES) {
            ZipEntry entry = entries.next();
            if (entry.getName().endsWith(SUFFIX)) {
                show(jar, entry);
            }
        }
    }

    private void show(ZipFile jar, @Nullable ZipEntry entry) throws IOException {
        if (entry != null) {
            try (InputStream content = jar.getInputStream(entry)) {
                show(content.readAllBytes());
            }
        }
    }

    private void show(byte[] classFile) {
        seen++;
        visitor.accept(classFile);
    }
}
