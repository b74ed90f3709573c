package marina.webapp;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.security.Authenticator;
import org.eclipse.jetty.security.Constraint.Authorization;
import org.eclipse.jetty.security.ServerAuthException;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.eclipse.jetty.security.authentication.LoginAuthenticator;
import org.eclipse.jetty.security.authentication.SessionAuthentication;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.Session;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins that a WAR may ask for in its {@code login-config}, in EE 10 and later; {@link NestedLogins} has them for EE 8 and
 * EE 9. Whom Marina has verified already is the user, whatever the WAR asks for, so that nobody logs in twice. Thread-safe.
 *
 * @param realm of the WAR
 * @param contextPath for messages
 */
record WarLogins(WarRealm realm, String contextPath) implements Authenticator.Factory {
    private static final Logger LOG = LoggerFactory.getLogger(WarLogins.class);

    /** The kinds of login that there are. */
    enum Kind {
        /** With the browser's own dialogue. */
        BASIC,
        /** With a page of the WAR. */
        FORM,
        /** Not by itself. */
        NONE
    }

    /**
     * What an {@code auth-method} means here.
     *
     * @param method null where there is none
     */
    static Kind kind(@Nullable String method, String contextPath) {
        if (method == null || method.equalsIgnoreCase("NONE")) {
            return Kind.NONE;
        }
        for (Kind kind : Kind.values()) {
            if (kind.name().equalsIgnoreCase(method.strip())) {
                return kind;
            }
        }
        LOG.warn(
                "Context {}: its web.xml asks for the login {}, which is not supported (BASIC and FORM are); give the context"
                        + " auth, so that Marina asks for the password",
                contextPath,
                method);
        return Kind.NONE;
    }

    @Override
    public Authenticator getAuthenticator(Server server, Context context, Authenticator.Configuration configuration) {
        return switch (kind(configuration.getAuthenticationType(), contextPath)) {
            case BASIC -> new Basic(realm);
            case FORM -> new Form(realm);
            case NONE -> new OnlyKnown(realm);
        };
    }

    private static @Nullable AuthenticationState known(Request request, WarRealm realm) {
        Principal user = KnownUser.principal(request);
        return user == null
                ? null
                : new LoginAuthenticator.UserAuthenticationSucceeded(KnownUser.method(request), realm.known(user));
    }

    /**
     * As Jetty's own, but for errors: a page that is written before the servlets are entered would leave the request open for
     * ever.
     */
    private static final class Basic extends BasicAuthenticator {
        private static final String SCHEME = "Basic ";

        private final WarRealm realm;

        Basic(WarRealm realm) {
            this.realm = realm;
            setCharset(StandardCharsets.UTF_8);
        }

        @Override
        public @Nullable AuthenticationState validateRequest(Request request, Response response, Callback callback) {
            AuthenticationState known = known(request, realm);
            if (known != null) {
                return known;
            }
            int refusal = HttpStatus.UNAUTHORIZED_401;
            String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
            if (header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                try {
                    UserIdentity user = user(header.substring(SCHEME.length()), request, response);
                    if (user != null) {
                        return new UserAuthenticationSucceeded(getAuthenticationType(), user);
                    }
                } catch (IllegalArgumentException e) { // no Base64
                    refusal = HttpStatus.BAD_REQUEST_400;
                }
            }
            if (response.isCommitted()) {
                return null; // somebody only asks who it is
            }
            if (refusal == HttpStatus.UNAUTHORIZED_401) {
                String name = realm.getName().replaceAll("([\"\\\\])", "\\\\$1");
                response.getHeaders()
                        .put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"" + name + "\", charset=\"UTF-8\"");
            }
            return AuthenticationState.writeError(request, response, callback, refusal);
        }

        private @Nullable UserIdentity user(String credentials, Request request, Response response) {
            String text = new String(Base64.getDecoder().decode(credentials.strip()), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 1 ? null : login(text.substring(0, colon), text.substring(colon + 1), request, response);
        }
    }

    /** A login that the session remembers, without the password. */
    private static class Form extends FormAuthenticator {
        final WarRealm realm;

        Form(WarRealm realm) {
            this.realm = realm;
        }

        @Override
        public @Nullable AuthenticationState validateRequest(Request request, Response response, Callback callback)
                throws ServerAuthException {
            AuthenticationState known =
                    isJSecurityCheck(Request.getPathInContext(request)) ? null : known(request, realm);
            return known == null ? super.validateRequest(request, response, callback) : known;
        }

        @Override
        public @Nullable UserIdentity login(
                @Nullable String user, Object password, Request request, Response response) {
            UserIdentity identity = super.login(user, password, request, response);
            if (identity != null) {
                request.getSession(true)
                        .setAttribute(
                                SessionAuthentication.AUTHENTICATED_ATTRIBUTE,
                                new SessionAuthentication(getAuthenticationType(), identity, null));
            }
            return identity;
        }

        /** Jetty's own expects a session, which those do not have whom Marina has verified. */
        @Override
        public Request prepareRequest(Request request, AuthenticationState state) {
            return request.getSession(false) == null ? request : super.prepareRequest(request, state);
        }
    }

    /** For WARs that name no login: those whom Marina knows, and those whom the WAR has logged in by its own means. */
    private static final class OnlyKnown extends Form {

        OnlyKnown(WarRealm realm) {
            super(realm);
        }

        @Override
        public String getAuthenticationType() {
            return "MARINA";
        }

        @Override
        public Authorization getConstraintAuthentication(
                String path, @Nullable Authorization existing, Function<Boolean, Session> getSession) {
            return existing == null ? Authorization.ALLOWED : existing;
        }

        @Override
        public @Nullable AuthenticationState validateRequest(Request request, Response response, Callback callback) {
            AuthenticationState known = known(request, realm);
            Session session = known == null ? request.getSession(false) : null;
            if (session == null) {
                return known;
            }
            Object remembered = session.getAttribute(SessionAuthentication.AUTHENTICATED_ATTRIBUTE);
            return remembered instanceof SessionAuthentication login && realm.validate(login.getUserIdentity())
                    ? login
                    : null;
        }
    }
}
