package marina.webapp;

import java.security.Principal;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.security.Authenticator;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request whose user was verified before it came to the WAR. What the WAR makes of its authentication stays with the WAR, so
 * that the access log names the user still. Used by one thread at a time.
 */
final class KnownUser extends Request.Wrapper {
    private static final String STATE = Request.AuthenticationState.class.getName();
    private static final String FIELD = "Remote-User";

    private final Principal user;
    private @Nullable Object state;

    private KnownUser(Request request, Principal user) {
        super(request);
        this.user = user;
        this.state = Request.getAuthenticationState(request);
    }

    /** The request itself when nobody knows its user. */
    static Request of(Request request) {
        Principal user = Request.getAuthenticationState(request).getUserPrincipal();
        return user == null ? request : new KnownUser(request, user);
    }

    /** A request from Marina, which says in a field whom it has verified; the WAR does not see that field. */
    static Request fromMarina(Request request) {
        String name = request.getHeaders().get(FIELD);
        if (name == null) {
            return request;
        }
        Principal user = new Named(name);
        Request.setAuthenticationState(request, new Request.AuthenticationState() {
            @Override
            public Principal getUserPrincipal() {
                return user;
            }
        });
        return new WithoutFields(request);
    }

    /** Who it is; null when this is no such request. */
    static @Nullable Principal principal(Request request) {
        KnownUser known = Request.as(request, KnownUser.class);
        return known == null ? null : known.user;
    }

    /** How Marina came to know the user, in the words of the servlet API. */
    static String method(Request request) {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean basic = authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6);
        return basic ? Authenticator.BASIC_AUTH : Authenticator.FORM_AUTH;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return STATE.equals(name) ? state : super.getAttribute(name);
    }

    @Override
    public @Nullable Object setAttribute(String name, @Nullable Object value) {
        if (!STATE.equals(name)) {
            return super.setAttribute(name, value);
        }
        Object before = state;
        state = value;
        return before;
    }

    @Override
    public @Nullable Object removeAttribute(String name) {
        return STATE.equals(name) ? setAttribute(name, null) : super.removeAttribute(name);
    }

    private record Named(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    /** As a WAR in Marina's own JVM sees it. */
    private static final class WithoutFields extends Request.Wrapper {
        private final HttpFields fields;

        WithoutFields(Request request) {
            super(request);
            HttpFields.Mutable rest = HttpFields.build();
            for (HttpField field : request.getHeaders()) {
                if (!field.is(FIELD) && !field.is("X-" + FIELD)) {
                    rest.add(field);
                }
            }
            fields = rest.asImmutable();
        }

        @Override
        public HttpFields getHeaders() {
            return fields;
        }
    }
}
