package marina.webapp;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipFile;
import org.eclipse.jetty.util.component.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tag libraries (JSTL) of a level, for WARs that do not bring them along. Naming their descriptors spares Jetty to look
 * through the level's jars, for classes with annotations too, at each start of a WAR.
 */
final class StandardTags {
    private static final Logger LOG = LoggerFactory.getLogger(StandardTags.class);
    private static final String FOLDER = "META-INF/";

    /** Each edition has this one. */
    private static final String CORE = FOLDER + "c.tld";

    private static final String KNOWN = StandardTags.class.getName();

    private StandardTags() {}

    /** Where the descriptors are: a list of its own, to which Jetty may add. */
    static List<URL> of(Environment environment) {
        if (!(environment.getAttribute(KNOWN) instanceof Collection<?> known)) {
            List<URL> found = find(environment.getClassLoader());
            environment.setAttribute(KNOWN, found);
            return new ArrayList<>(found);
        }
        List<URL> descriptors = new ArrayList<>();
        known.forEach(url -> descriptors.add((URL) url));
        return descriptors;
    }

    private static List<URL> find(ClassLoader level) {
        try {
            URL core = level.getResource(CORE);
            if (core == null || !(core.openConnection() instanceof JarURLConnection connection)) {
                return List.of();
            }
            try (ZipFile jar =
                    new ZipFile(Path.of(connection.getJarFileURL().toURI()).toFile())) {
                return Collections.list(jar.entries()).stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(FOLDER) && name.endsWith(".tld"))
                        .map(name -> beside(core, name))
                        .toList();
            }
        } catch (IOException | URISyntaxException e) {
            LOG.warn("JSP pages have no standard tags, because a jar of their level cannot be read: {}", e.toString());
            return List.of();
        }
    }

    private static URL beside(URL core, String name) {
        try {
            return URI.create(core.toString().replace(CORE, name)).toURL();
        } catch (IOException e) {
            throw new IllegalStateException(name + " has no URL", e);
        }
    }
}
