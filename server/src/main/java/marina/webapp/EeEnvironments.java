package marina.webapp;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import marina.config.EeLevel;
import org.eclipse.jetty.ee.webapp.WebAppClassLoading;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One class loader for each EE level, made when it is first asked for and kept as long as the JVM: Jetty holds its
 * environments in a table of the JVM, so that two servers in one JVM share them. See ADR 6. Thread-safe.
 */
final class EeEnvironments {
    private static final Logger LOG = LoggerFactory.getLogger(EeEnvironments.class);

    /** What Marina is made of: a WAR must neither see it nor be disturbed by another version of it. */
    private static final String[] HIDDEN = {
        "marina.",
        "org.slf4j.",
        "ch.qos.logback.",
        "com.zaxxer.hikari.",
        "org.sqlite.",
        "com.google.re2j.",
        "org.snakeyaml.",
        "com.sun.jna.",
        "picocli.",
        "org.objectweb.asm.",
        "org.jspecify."
    };

    private final Path lib;

    EeEnvironments(Path lib) {
        this.lib = lib.toAbsolutePath().normalize();
        // Else the class loader of a WAR that stops closes jars of the level that others are reading.
        URLConnection.setDefaultUseCaches("jar", false);
    }

    /** Hides Marina and everything in lib/ from the WARs of a server. */
    void hideMarinaFrom(Server server) {
        WebAppClassLoading.addHiddenClasses(server, HIDDEN);
        WebAppClassLoading.addHiddenClasses(server, hiddenJars());
    }

    /**
     * The environment of a level.
     *
     * @throws WarFailedException when its jars are not installed
     */
    Environment get(EeLevel level) throws WarFailedException {
        String name = level.name().toLowerCase(Locale.ROOT);
        Environment known = Environment.get(name);
        return known != null ? known : create(name);
    }

    private Environment create(String name) throws WarFailedException {
        Path folder = lib.resolve(name);
        URL[] jars = jarsIn(folder).stream().map(EeEnvironments::url).toArray(URL[]::new);
        if (jars.length == 0) {
            throw new WarFailedException(
                    "Level " + name + " has no jars in " + folder + "; build them with mvn package");
        }
        URLClassLoader loader = new URLClassLoader("marina-" + name, jars, EeEnvironments.class.getClassLoader());
        try {
            Environment environment = Environment.create(name, loader);
            LOG.info("Level {} loaded: {} jars", name, jars.length);
            return environment;
        } catch (IllegalStateException e) {
            // Another thread was faster; nothing has been loaded by our loader yet.
            return Objects.requireNonNull(Environment.get(name), name);
        }
    }

    /**
     * The jars of lib/ by their place: that hides their META-INF/services too, and the JDBC drivers that operators add.
     * Jetty's own jars hide and show by name, and jetty-jndi has a jndi.properties that WARs need.
     */
    private String[] hiddenJars() {
        List<Path> jars = new ArrayList<>(jarsIn(lib));
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (entry.endsWith(".jar")) {
                jars.add(Path.of(entry).toAbsolutePath().normalize());
            }
        }
        return jars.stream()
                .filter(jar -> !String.valueOf(jar.getFileName()).startsWith("jetty-"))
                .map(jar -> jar.toUri().toString())
                .distinct()
                .toArray(String[]::new);
    }

    private static List<Path> jarsIn(Path folder) {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
                files.forEach(jars::add);
            } catch (IOException e) {
                LOG.warn("Cannot list {}: {}", folder, e.toString());
            }
        }
        jars.sort(null);
        return jars;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(jar + " has no URL", e);
        }
    }
}
