package marina.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.SessionData;
import org.jspecify.annotations.Nullable;

/** Turns the value of an attribute into bytes and back, with the classes of the application. Thread-safe. */
final class AttributeCodec {
    /** What Jetty itself puts into sessions, such as who has logged in, of classes that applications do not see. */
    static final String OF_JETTY = "org.eclipse.jetty.";

    private AttributeCodec() {}

    /**
     * Serializes a value. What the application's own code throws comes through.
     *
     * @throws IOException when a class is not serializable
     */
    static byte[] encode(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(KeptLogin.instead(value));
        }
        return bytes.toByteArray();
    }

    /**
     * Restores a value.
     *
     * @param loader of the application
     * @throws IOException when the class has changed since
     * @throws ClassNotFoundException when there is no such class any more
     */
    static Object decode(byte[] bytes, @Nullable ClassLoader loader) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new Input(new ByteArrayInputStream(bytes), loader)) {
            Object value = in.readObject();
            return value instanceof KeptLogin login ? login.restored(loader) : value;
        }
    }

    /** A class of Jetty: of the servlet level that the application has, or of the server. */
    static Class<?> ofJetty(String name, @Nullable ClassLoader loader) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            // The handler of the application is of its level, whose classes the application does not see.
            ContextHandler handler = ContextHandler.getCurrentContextHandler();
            Class<?> neighbour = handler == null ? SessionData.class : handler.getClass();
            return Class.forName(name, false, neighbour.getClassLoader());
        }
    }

    private static final class Input extends ObjectInputStream {
        private final @Nullable ClassLoader loader;

        Input(InputStream stream, @Nullable ClassLoader loader) throws IOException {
            super(stream);
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            String name = description.getName();
            if (name.startsWith(OF_JETTY)) {
                return ofJetty(name, loader);
            }
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                // Knows the primitive types.
                return super.resolveClass(description);
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] names) throws IOException, ClassNotFoundException {
            Class<?>[] interfaces = new Class<?>[names.length];
            for (int i = 0; i < names.length; i++) {
                interfaces[i] = Class.forName(names[i], false, loader);
            }
            try {
                ClassLoader home = interfaces.length == 0 ? loader : loaderOf(interfaces);
                return Proxy.newProxyInstance(home, interfaces, (proxy, method, arguments) -> null)
                        .getClass();
            } catch (IllegalArgumentException e) {
                throw new ClassNotFoundException(Arrays.toString(names), e);
            }
        }

        /** An interface that is not public must be in the loader that defines the proxy. */
        private @Nullable ClassLoader loaderOf(Class<?>[] interfaces) {
            return Arrays.stream(interfaces)
                    .filter(type -> (type.getModifiers() & java.lang.reflect.Modifier.PUBLIC) == 0)
                    .map(Class::getClassLoader)
                    .findFirst()
                    .orElse(loader);
        }
    }
}
