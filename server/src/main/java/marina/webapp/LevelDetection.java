package marina.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import marina.config.EeLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which servlet API a WAR was compiled against. Its classes tell: the namespace of web.xml does not, because
 * WARs that were moved to {@code jakarta} often keep their old one. Holds the state of one search; not thread-safe.
 */
final class LevelDetection {
    private static final Logger LOG = LoggerFactory.getLogger(LevelDetection.class);
    private static final byte[] JAVAX = "javax/servlet/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JAKARTA = "jakarta/servlet/".getBytes(StandardCharsets.US_ASCII);

    private final Path folder;
    private final Path webInf;
    private final Descriptor descriptor;
    private final ClassFiles files;
    private int javax;
    private int jakarta;

    private LevelDetection(Path folder, Descriptor descriptor) {
        this.folder = folder;
        this.webInf = folder.resolve("WEB-INF");
        this.descriptor = descriptor;
        this.files = new ClassFiles(webInf, descriptor, this::vote);
    }

    /** The level of an exploded WAR. */
    static EeLevel of(Path folder, Descriptor descriptor) {
        LevelDetection detection = new LevelDetection(folder, descriptor);
        detection.search();
        return detection.level();
    }

    private void search() {
        try {
            files.showClasses();
            // A servlet API that was packed by mistake says nothing about the classes that use one.
            List<Path> jars = files.jars().stream()
                    .filter(jar -> !jar.toString().contains("servlet-api"))
                    .toList();
            for (int i = 0; i < jars.size() && undecided(); i++) {
                scanJar(jars.get(i), true);
            }
            if (undecided()) {
                for (Path jar : jars) {
                    scanJar(jar, false);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Cannot look into {}", webInf, e);
        }
    }

    private boolean undecided() {
        return javax == jakarta;
    }

    private EeLevel level() {
        boolean old = undecided() ? isOldVersion() : javax > jakarta;
        if (old) {
            return EeLevel.EE8;
        }
        return switch (descriptor.version()) {
            case "5.0" -> JspPages.nameTagsOfEe10(folder) ? EeLevel.EE10 : EeLevel.EE9;
            case "6.1" -> EeLevel.EE11;
            default -> EeLevel.EE10;
        };
    }

    /** Only asked for WARs without any Java code: their JSP pages, if they have some, are as old as web.xml says. */
    private boolean isOldVersion() {
        String version = descriptor.version();
        return version.startsWith("2.") || version.startsWith("3.") || version.startsWith("4.");
    }

    private void scanJar(Path jar, boolean onlyNamedInDescriptor) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (onlyNamedInDescriptor) {
                files.showNamed(zip);
            } else {
                files.showAll(zip);
            }
        } catch (IOException e) {
            LOG.debug("Cannot look into {}", jar, e);
        }
    }

    /** Class names are plain ASCII in a class file's constant pool, so there is no need to parse it. */
    private void vote(byte[] classFile) {
        boolean old = contains(classFile, JAVAX);
        boolean current = contains(classFile, JAKARTA);
        // A class that knows both is a bridge and knows nothing of the application.
        if (old && !current) {
            javax++;
        } else if (current && !old) {
            jakarta++;
        }
    }

    private static boolean contains(byte[] content, byte[] wanted) {
        for (int i = 0; i <= content.length - wanted.length; i++) {
            int matched = 0;
            while (matched < wanted.length && content[i + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
