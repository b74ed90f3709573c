package marina.webapp;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.security.authentication.LoginAuthenticator;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * For WARs that name no login of their own: their user is the one whom the server in front has verified, and has no roles.
 * Thread-safe.
 */
final class KnownUserAuthenticator extends LoginAuthenticator {

    @Override
    public String getAuthenticationType() {
        return "MARINA";
    }

    @Override
    public @Nullable AuthenticationState validateRequest(Request request, Response response, Callback callback) {
        UserIdentity identity = KnownUser.identity(request);
        return identity == null ? null : new UserAuthenticationSucceeded(method(request), identity);
    }

    private static String method(Request request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean basic = authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6);
        return basic ? BASIC_AUTH : FORM_AUTH;
    }

    /** The same for EE 8 and EE 9, whose authenticators are of another type. */
    static Object nested(ClassLoader loader, String jetty, String api) {
        try {
            Class<?>[] types = {EeClass.load(loader, jetty + ".security.Authenticator")};
            return Proxy.newProxyInstance(loader, types, new Nested(loader, jetty, api));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(jetty + " has no authenticator as expected", e);
        }
    }

    private static final class Nested implements InvocationHandler {
        private final Constructor<?> succeeded;
        private final Method baseRequest;
        private final Method coreRequest;
        private final Method sendError;
        private final Object unauthenticated;
        private final Object answered;

        Nested(ClassLoader loader, String jetty, String api) throws ReflectiveOperationException {
            Class<?> request = EeClass.load(loader, jetty + ".nested.Request");
            succeeded = EeClass.load(loader, jetty + ".security.UserAuthentication")
                    .getConstructor(String.class, UserIdentity.class);
            coreRequest = request.getMethod("getCoreRequest");
            sendError = EeClass.load(loader, api + ".http.HttpServletResponse").getMethod("sendError", int.class);
            Class<?> states = EeClass.load(loader, jetty + ".nested.Authentication");
            unauthenticated = states.getField("UNAUTHENTICATED").get(null);
            answered = states.getField("SEND_FAILURE").get(null);
            baseRequest = baseRequest(request);
        }

        private static Method baseRequest(Class<?> request) throws NoSuchMethodException {
            for (Method method : request.getMethods()) {
                if (method.getName().equals("getBaseRequest")) {
                    return method;
                }
            }
            throw new NoSuchMethodException(request.getName() + ".getBaseRequest");
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws ReflectiveOperationException {
            return switch (method.getName()) {
                case "validateRequest" -> arguments == null
                        ? unauthenticated
                        : validate(arguments[0], arguments[1], arguments[2]);
                case "secureResponse" -> true;
                case "getAuthMethod", "toString" -> "MARINA";
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                default -> null;
            };
        }

        private Object validate(@Nullable Object request, @Nullable Object response, @Nullable Object mandatory)
                throws ReflectiveOperationException {
            if (coreRequest.invoke(baseRequest.invoke(null, request)) instanceof Request core) {
                UserIdentity identity = KnownUser.identity(core);
                if (identity != null) {
                    return succeeded.newInstance(method(core), identity);
                }
            }
            if (!Boolean.TRUE.equals(mandatory)) {
                return unauthenticated;
            }
            sendError.invoke(response, HttpStatus.FORBIDDEN_403); // there is nobody to ask
            return answered;
        }
    }
}
