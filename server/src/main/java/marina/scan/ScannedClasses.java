package marina.scan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.annotations.AnnotationParser.AbstractHandler;
import org.eclipse.jetty.annotations.AnnotationParser.ClassInfo;
import org.eclipse.jetty.annotations.AnnotationParser.FieldInfo;
import org.eclipse.jetty.annotations.AnnotationParser.MethodInfo;
import org.jspecify.annotations.Nullable;

/** Writes down what the parser finds in one jar or folder, which one thread parses. */
final class ScannedClasses extends AbstractHandler {
    private final Map<ClassInfo, ScannedClass> found = new LinkedHashMap<>();

    /** Those that somebody may look for, in the order of the jar. */
    List<ScannedClass> classes() {
        List<ScannedClass> classes = new ArrayList<>(found.values());
        classes.removeIf(ScannedClass::isPlain);
        return List.copyOf(classes);
    }

    @Override
    public void handle(ClassInfo type) {
        of(type);
    }

    @Override
    public void handle(ClassInfo type, String annotation) {
        of(type).annotations().add(annotation);
    }

    @Override
    public void handle(FieldInfo field, String annotation) {
        of(field.getClassInfo()).fieldAnnotations().add(annotation);
    }

    @Override
    public void handle(MethodInfo method, String annotation) {
        of(method.getClassInfo()).methodAnnotations().add(annotation);
    }

    private ScannedClass of(ClassInfo type) {
        return found.computeIfAbsent(
                type,
                unused -> new ScannedClass(
                        type.getClassName(),
                        orEmpty(type.getSuperName()),
                        new LinkedHashSet<>(names(type.getInterfaces())),
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>()));
    }

    private static String orEmpty(@Nullable String name) {
        return name == null ? "" : name; // java.lang.Object has no parent
    }

    private static Set<String> names(String @Nullable [] names) {
        return names == null ? Set.of() : new LinkedHashSet<>(List.of(names));
    }
}
