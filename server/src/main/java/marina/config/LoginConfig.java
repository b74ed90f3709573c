package marina.config;

import java.nio.file.Path;

/**
 * A login that is remembered in a session cookie, in place of Basic authentication.
 *
 * @param method how somebody logs in
 * @param prefix the path where this is written: login pages lie below it, and cookies are for it
 * @param session how a login is remembered
 * @param page the operator's own page with the form; an empty path for the built-in one
 * @param oidc the provider that verifies users
 */
public record LoginConfig(Method method, ContextPath prefix, SessionConfig session, Path page, OidcConfig oidc) {

    /** No login: Basic authentication, or none. */
    public static final LoginConfig NONE =
            new LoginConfig(Method.NONE, ContextPath.ROOT, SessionConfig.NONE, Path.of(""), OidcConfig.NONE);

    /** How somebody logs in. */
    public enum Method {
        /** Not at all. */
        NONE,
        /** With name and password in a form. */
        FORM,
        /** At a provider of OpenID Connect. */
        OIDC
    }

    /** Whether there is a login. */
    public boolean enabled() {
        return method != Method.NONE;
    }
}
