package marina.leak;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fields of the JDK that have no other door. Every one of them may be missing in another Java, or be closed because the JVM
 * was not started with the {@code --add-opens} of bin/marina.sh: then there is nothing to be seen. Stateless.
 */
final class JdkState {
    private JdkState() {}

    /** The value of a field; empty when it is null, missing or closed. */
    static Optional<Object> read(Class<?> type, String field, @Nullable Object target) {
        try {
            return Optional.ofNullable(open(type, field).get(target));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Sets a field; false when it is missing or closed. */
    static boolean write(Class<?> type, String field, Object target, Object value) {
        try {
            open(type, field).set(target, value);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }

    /** Calls a method without parameters; empty when it gives nothing, is missing or closed. */
    static Optional<Object> call(Class<?> type, String name, Object target) {
        try {
            Method method = type.getDeclaredMethod(name);
            method.setAccessible(true);
            return Optional.ofNullable(method.invoke(target));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** A class of the JDK that is not public; empty when this Java has none of that name. */
    static Optional<Class<?>> type(String name) {
        try {
            return Optional.of(Class.forName(name, true, null));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static Field open(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
