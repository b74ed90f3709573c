package marina.webapp;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The {@link WarLogins} of EE 8 and EE 9, whose authenticators are of types that cannot be named in code: dynamic proxies
 * around Jetty's own. Thread-safe.
 */
final class NestedLogins {
    private static final String LOGIN_PATH = "/j_security_check";

    private final ClassLoader loader;
    private final String jetty;
    private final WarRealm realm;
    private final String contextPath;
    private final Class<?> authenticator;
    private final Class<?> userAuthentication;
    private final Constructor<?> succeeded;
    private final Method baseRequest;
    private final Method coreRequest;
    private final Method sendError;
    private final Method requestUri;
    private final Method resolve;
    private final Object unauthenticated;
    private final Object answered;

    /**
     * Logins of one WAR.
     *
     * @param loader of the level
     * @param jetty the package of the level, such as {@code org.eclipse.jetty.ee9}
     */
    NestedLogins(ClassLoader loader, String jetty, WarRealm realm, String contextPath) {
        this.loader = loader;
        this.jetty = jetty;
        this.realm = realm;
        this.contextPath = contextPath;
        String api = (jetty.endsWith("ee8") ? "javax" : "jakarta") + ".servlet";
        try {
            Class<?> request = EeClass.load(loader, jetty + ".nested.Request");
            Class<?> states = EeClass.load(loader, jetty + ".nested.Authentication");
            authenticator = EeClass.load(loader, jetty + ".security.Authenticator");
            userAuthentication = EeClass.load(loader, states.getName() + "$User");
            succeeded = EeClass.load(loader, jetty + ".security.UserAuthentication")
                    .getConstructor(String.class, UserIdentity.class);
            coreRequest = request.getMethod("getCoreRequest");
            Class<?> servletRequest = EeClass.load(loader, api + ".ServletRequest");
            baseRequest = request.getMethod("getBaseRequest", servletRequest);
            requestUri = EeClass.load(loader, api + ".http.HttpServletRequest").getMethod("getRequestURI");
            sendError = EeClass.load(loader, api + ".http.HttpServletResponse").getMethod("sendError", int.class);
            resolve = EeClass.load(loader, states.getName() + "$Deferred").getMethod("authenticate", servletRequest);
            unauthenticated = states.getField("UNAUTHENTICATED").get(null);
            answered = states.getField("SEND_FAILURE").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(jetty + " has no authenticators as expected", e);
        }
    }

    /** What Jetty asks for the authenticator when it knows the WAR's login-config. */
    Object factory() {
        Class<?>[] types = {EeClass.load(loader, authenticator.getName() + "$Factory")};
        return Proxy.newProxyInstance(loader, types, (proxy, method, arguments) -> switch (method.getName()) {
            case "getAuthenticator" -> arguments == null ? null : make(arguments[2]);
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            default -> "Marina's logins";
        });
    }

    /** What Jetty says of the WAR is of a type that is not public. */
    private Object make(@Nullable Object configuration) throws ReflectiveOperationException {
        Method method = EeClass.load(loader, authenticator.getName() + "$AuthConfiguration")
                .getMethod("getAuthMethod");
        WarLogins.Kind kind = WarLogins.kind((String) method.invoke(configuration), contextPath);
        String name = kind == WarLogins.Kind.BASIC ? "BasicAuthenticator" : "FormAuthenticator";
        Object own = EeClass.create(EeClass.load(loader, jetty + ".security.authentication." + name));
        if (kind == WarLogins.Kind.BASIC) {
            EeClass.call(own, "setCharset", StandardCharsets.UTF_8);
        }
        Class<?>[] types = {authenticator};
        return Proxy.newProxyInstance(loader, types, new Login(kind, own));
    }

    /** Jetty's own, which is asked when Marina does not know the user already. */
    private final class Login implements InvocationHandler {
        private final WarLogins.Kind kind;
        private final Object own;

        Login(WarLogins.Kind kind, Object own) {
            this.kind = kind;
            this.own = own;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            return switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                case "getAuthMethod", "toString" -> kind == WarLogins.Kind.NONE ? "MARINA" : kind.name();
                case "prepareRequest" -> kind == WarLogins.Kind.FORM ? pass(method, arguments) : null;
                case "validateRequest" -> arguments == null ? unauthenticated : validate(method, arguments);
                default -> pass(method, arguments);
            };
        }

        private @Nullable Object pass(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
            try {
                return method.invoke(own, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        private @Nullable Object validate(Method method, @Nullable Object[] arguments) throws Throwable {
            boolean atLogin = String.valueOf(requestUri.invoke(arguments[0])).contains(LOGIN_PATH);
            if (coreRequest.invoke(baseRequest.invoke(null, arguments[0])) instanceof Request core) {
                Principal user = KnownUser.principal(core);
                if (user != null && !(atLogin && kind == WarLogins.Kind.FORM)) {
                    return succeeded.newInstance(KnownUser.method(core), realm.known(user));
                }
            }
            if (kind == WarLogins.Kind.NONE) {
                return atLogin ? unauthenticated : remembered(method, arguments);
            }
            try {
                return pass(method, arguments);
            } catch (IllegalArgumentException e) { // no Base64
                sendError.invoke(arguments[1], HttpStatus.BAD_REQUEST_400);
                return answered;
            }
        }

        /** Who has logged in by the WAR's own means. */
        private @Nullable Object remembered(Method method, @Nullable Object[] arguments) throws Throwable {
            Object deferred = pass(method, new Object[] {arguments[0], arguments[1], false});
            Object user = resolve.invoke(deferred, arguments[0]);
            if (userAuthentication.isInstance(user)) {
                return user;
            }
            if (!Boolean.TRUE.equals(arguments[2])) {
                return deferred;
            }
            sendError.invoke(arguments[1], HttpStatus.FORBIDDEN_403); // there is nobody to ask
            return answered;
        }
    }
}
