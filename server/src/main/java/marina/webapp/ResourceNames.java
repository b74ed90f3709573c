package marina.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names below {@code java:comp/env} under which the classes of a WAR want a DataSource by {@code @Resource} (Jakarta
 * Annotations, 2.3). Jetty injects only what is bound there before; it does not know {@code lookup}. Looks at
 * WEB-INF/classes, at jars with a web-fragment.xml and at classes that web.xml names. Holds the state of one search; not
 * thread-safe.
 */
final class ResourceNames {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceNames.class);
    private static final String DATA_SOURCE = "Ljavax/sql/DataSource;";
    private static final Set<String> RESOURCE = Set.of("Ljakarta/annotation/Resource;", "Ljavax/annotation/Resource;");
    private static final Set<String> RESOURCES =
            Set.of("Ljakarta/annotation/Resources;", "Ljavax/annotation/Resources;");

    private final Set<String> names = new TreeSet<>();

    private ResourceNames() {}

    /** Those of an exploded WAR; what cannot be read is left out, Jetty will complain. */
    static List<String> of(Path folder, Descriptor descriptor) {
        ResourceNames search = new ResourceNames();
        Path webInf = folder.resolve("WEB-INF");
        ClassFiles files = new ClassFiles(webInf, descriptor, search::scan);
        try {
            files.showClasses();
            for (Path jar : files.jars()) {
                scanJar(jar, files);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Cannot look into {}", webInf, e);
        }
        return List.copyOf(search.names);
    }

    private static void scanJar(Path jar, ClassFiles files) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.getEntry("META-INF/web-fragment.xml") == null) {
                files.showNamed(zip);
            } else {
                files.showAll(zip);
            }
        } catch (IOException e) {
            LOG.debug("Cannot look into {}", jar, e);
        }
    }

    private void scan(byte[] classFile) {
        // Seldom there, and faster found than the class is parsed.
        if (!new String(classFile, StandardCharsets.ISO_8859_1).contains("annotation/Resource")) {
            return;
        }
        try {
            new ClassReader(classFile).accept(new OfClass(), ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            LOG.debug("Cannot read a class", e); // of a newer Java, which will not load it either
        }
    }

    private final class OfClass extends ClassVisitor {
        private String type = "";

        OfClass() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            type = name.replace('/', '.');
        }

        @Override
        public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            if (RESOURCES.contains(descriptor)) {
                return new OfResources();
            }
            return RESOURCE.contains(descriptor) ? new OfResource("", false) : null;
        }

        @Override
        public FieldVisitor visitField(
                int access, String name, String descriptor, @Nullable String signature, @Nullable Object value) {
            String byDefault = type + "/" + name;
            return new FieldVisitor(Opcodes.ASM9) {
                @Override
                public @Nullable AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                    return RESOURCE.contains(annotation)
                            ? new OfResource(byDefault, descriptor.equals(DATA_SOURCE))
                            : null;
                }
            };
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            boolean setter = name.startsWith("set") && name.length() > 3;
            String property = setter ? name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4) : name;
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public @Nullable AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                    return RESOURCE.contains(annotation)
                            ? new OfResource(type + "/" + property, descriptor.equals("(" + DATA_SOURCE + ")V"))
                            : null;
                }
            };
        }
    }

    private final class OfResources extends AnnotationVisitor {
        OfResources() {
            super(Opcodes.ASM9);
        }

        @Override
        public AnnotationVisitor visitArray(String name) {
            return this;
        }

        @Override
        public AnnotationVisitor visitAnnotation(@Nullable String name, String descriptor) {
            return new OfResource("", false);
        }
    }

    /** One annotation; what it does not say follows from where it stands. */
    private final class OfResource extends AnnotationVisitor {
        private String name;
        private boolean wanted;
        private String mapped = "";

        OfResource(String byDefault, boolean isDataSource) {
            super(Opcodes.ASM9);
            this.name = byDefault;
            this.wanted = isDataSource;
        }

        @Override
        public void visit(String key, Object value) {
            switch (key) {
                case "name" -> name = value.equals("") ? name : value.toString();
                case "mappedName" -> mapped = value.toString();
                case "type" -> wanted |=
                        value instanceof Type type && type.getDescriptor().equals(DATA_SOURCE);
                default -> {}
            }
        }

        @Override
        public void visitEnd() {
            for (String each : List.of(name, mapped)) {
                if (wanted && !each.isEmpty() && !each.contains(":")) {
                    names.add(each);
                }
            }
        }
    }
}
