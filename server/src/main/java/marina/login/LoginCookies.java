package marina.login;

import java.time.Duration;
import java.util.List;
import marina.config.ContextPath;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.URIUtil;

/**
 * The cookies of a login, as RFC 6265bis writes them: {@code HttpOnly}, {@code SameSite=Lax}, over TLS {@code Secure} and with
 * {@code __Host-} or {@code __Secure-} before the name, so that nobody without TLS can plant one. Thread-safe.
 */
final class LoginCookies {
    private static final String HOST = "__Host-";
    private static final String SECURE = "__Secure-";

    private final String name;
    private final ContextPath prefix;
    private final String path;

    LoginCookies(String name, ContextPath prefix) {
        this.name = name;
        this.prefix = prefix;
        this.path = URIUtil.encodePath(prefix.value());
    }

    /** The name that cookies of one login have in common: {@code shop} of {@code __Host-shop} and {@code shop.state}. */
    static String family(String name) {
        String plain = name.startsWith(HOST)
                ? name.substring(HOST.length())
                : name.startsWith(SECURE) ? name.substring(SECURE.length()) : name;
        int dot = plain.indexOf('.');
        return dot < 0 ? plain : plain.substring(0, dot);
    }

    /** The session's cookies; there may be several, of this login and of others. */
    List<String> sessions(Request request) {
        return HiddenCookies.values(request, sessionName(request));
    }

    void setSession(Request request, Response response, String value, Duration age) {
        set(response, sessionName(request), value, path, age, request.isSecure());
    }

    void clearSession(Request request, Response response) {
        setSession(request, response, "", Duration.ZERO);
    }

    /** Cookies that only the login pages get. */
    List<String> steps(Request request, String step) {
        return HiddenCookies.values(request, stepName(request, step));
    }

    void setStep(Request request, Response response, String step, String value, Duration age) {
        set(response, stepName(request, step), value, path, age, request.isSecure());
    }

    private String sessionName(Request request) {
        String safety = !request.isSecure() ? "" : prefix.isRoot() ? HOST : SECURE;
        return safety + name;
    }

    private String stepName(Request request, String step) {
        return sessionName(request) + "." + step;
    }

    private static void set(Response response, String name, String value, String path, Duration age, boolean secure) {
        response.getHeaders()
                .add(
                        HttpHeader.SET_COOKIE,
                        name + "=" + value + "; Path=" + path + "; Max-Age=" + age.toSeconds()
                                + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : ""));
    }
}
