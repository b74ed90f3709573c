package marina.scan;

import java.util.Set;
import org.eclipse.jetty.annotations.AnnotationParser.ClassInfo;
import org.eclipse.jetty.annotations.AnnotationParser.FieldInfo;
import org.eclipse.jetty.annotations.AnnotationParser.Handler;
import org.eclipse.jetty.annotations.AnnotationParser.MethodInfo;
import org.eclipse.jetty.util.resource.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What one class file says to those who look for annotations and for kinds of classes (Jakarta Servlet 6.0, 8.1 and 8.2.4).
 *
 * @param name with dots, as all of them
 * @param parent the class that it extends
 * @param interfaces that it implements itself
 * @param annotations of the class
 * @param fieldAnnotations of any of its fields
 * @param methodAnnotations of any of its methods
 */
record ScannedClass(
        String name,
        String parent,
        Set<String> interfaces,
        Set<String> annotations,
        Set<String> fieldAnnotations,
        Set<String> methodAnnotations) {

    private static final String ROOT = "java.lang.Object";

    /** Whether nobody could ever look for it. */
    boolean isPlain() {
        return parent.equals(ROOT)
                && interfaces.isEmpty()
                && annotations.isEmpty()
                && fieldAnnotations.isEmpty()
                && methodAnnotations.isEmpty();
    }

    /**
     * Tells somebody of it, as if the class file had just been read.
     *
     * @param place the folder that it is in; null for a jar
     */
    void show(Iterable<? extends Handler> handlers, @Nullable Resource place) {
        ClassInfo type = new ClassInfo(place, name, 0, 0, "", parent, interfaces.toArray(String[]::new));
        for (Handler handler : handlers) {
            handler.handle(type);
            annotations.forEach(annotation -> handler.handle(type, annotation));
            fieldAnnotations.forEach(annotation -> handler.handle(field(type), annotation));
            methodAnnotations.forEach(annotation -> handler.handle(method(type), annotation));
        }
    }

    // Nobody asks for more of a field or a method than its class.

    private static FieldInfo field(ClassInfo type) {
        return new FieldInfo(type, "", 0, "", "", "");
    }

    private static MethodInfo method(ClassInfo type) {
        return new MethodInfo(type, "", 0, "", "", new String[0]);
    }
}
