package marina.webapp;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Calls into the classes of an EE level. They cannot be named in code: four versions of them live in four class loaders
 * that the server's own loader does not see.
 */
final class EeClass {

    private EeClass() {}

    /** Loads a class. */
    static Class<?> load(ClassLoader loader, String name) {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " is missing in " + loader + "; rebuild lib/ with mvn package", e);
        }
    }

    /** Calls the public constructor that takes these arguments. */
    static Object create(Class<?> type, Object... arguments) {
        for (Constructor<?> constructor : type.getConstructors()) {
            if (accepts(constructor, arguments)) {
                try {
                    return constructor.newInstance(arguments);
                } catch (ReflectiveOperationException e) {
                    throw failure(type, "constructor", e);
                }
            }
        }
        throw new IllegalStateException(type.getName() + " has no constructor for " + Arrays.toString(arguments));
    }

    /** Calls the public method of that name that takes these arguments. */
    static @Nullable Object call(Object target, String name, Object... arguments) {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && !method.isBridge() && accepts(method, arguments)) {
                try {
                    return method.invoke(target, arguments);
                } catch (ReflectiveOperationException e) {
                    throw failure(target.getClass(), name, e);
                }
            }
        }
        throw new IllegalStateException(
                target.getClass().getName() + "." + name + " does not take " + Arrays.toString(arguments));
    }

    /** As {@link #call}, for methods that never answer null. */
    static Object get(Object target, String name, Object... arguments) {
        Object result = call(target, name, arguments);
        if (result == null) {
            throw new IllegalStateException(target.getClass().getName() + "." + name + " gave nothing");
        }
        return result;
    }

    private static boolean accepts(Executable executable, Object[] arguments) {
        Class<?>[] types = executable.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            boolean fits = (types[i] == boolean.class && arguments[i] instanceof Boolean)
                    || (types[i] == int.class && arguments[i] instanceof Integer)
                    || types[i].isInstance(arguments[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static IllegalStateException failure(Class<?> type, String name, ReflectiveOperationException e) {
        Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
        return new IllegalStateException(type.getName() + "." + name + " failed: " + cause, cause);
    }
}
