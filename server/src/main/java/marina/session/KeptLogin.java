package marina.session;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;

/**
 * A login as it is kept with a session. What Jetty itself has in sessions holds the password.
 *
 * @param type Jetty's class, which differs between the servlet levels
 * @param method how the user logged in
 * @param user name
 * @param mark of the user, see {@link SessionUser}
 */
record KeptLogin(String type, String method, String user, String mark) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of the core and of EE 8 and EE 9 alike. */
    private static final String TYPE = ".security.authentication.SessionAuthentication";

    /** What is kept of the value of an attribute: the value itself when it is no login. */
    static Object instead(Object value) throws IOException {
        Class<?> type = value.getClass();
        if (!type.getName().startsWith(AttributeCodec.OF_JETTY)
                || !type.getName().endsWith(TYPE)) {
            return value;
        }
        Object identity = call(value, "getUserIdentity");
        if (!(identity instanceof UserIdentity user) || !(identity instanceof SessionUser known)) {
            throw new IOException("the login is not one of Marina's users");
        }
        boolean core = type.getClassLoader() == UserIdentity.class.getClassLoader();
        Object method = call(value, core ? "getAuthenticationType" : "getAuthMethod");
        return new KeptLogin(
                type.getName(), String.valueOf(method), user.getUserPrincipal().getName(), known.mark());
    }

    /**
     * The login again.
     *
     * @param loader of the application, which sees the classes of its level
     */
    Object restored(@Nullable ClassLoader loader) throws IOException, ClassNotFoundException {
        ContextHandler context = ContextHandler.getCurrentContextHandler();
        LoginRealm realm = context == null ? null : context.getBean(LoginRealm.class);
        if (realm == null) {
            throw new IOException("the application knows no users");
        }
        UserIdentity identity = realm.restore(user, mark);
        for (Constructor<?> constructor : AttributeCodec.ofJetty(type, loader).getConstructors()) {
            try {
                return constructor.newInstance(method, identity, null);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                throw new IOException(type + " is not as expected", e);
            }
        }
        throw new IOException(type + " cannot be made");
    }

    private static @Nullable Object call(Object value, String name) throws IOException {
        try {
            return value.getClass().getMethod(name).invoke(value);
        } catch (InvocationTargetException | NoSuchMethodException | IllegalAccessException e) {
            throw new IOException("the login cannot be read", e);
        }
    }
}
