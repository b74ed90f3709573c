package marina.login;

import marina.config.LoginConfig;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * Where the pages of a login are.
 *
 * @param home canonical path where somebody goes who wants nothing else
 * @param login canonical path of the login itself
 * @param logout canonical path
 * @param callback canonical path to which a provider sends clients back; empty for a form
 */
record Places(String home, String login, String logout, String callback) {
    private static final String FOLDER = "_marina/";

    static Places of(LoginConfig config) {
        String home = config.prefix().prefix();
        String callback = config.oidc().callback();
        return new Places(
                home, home + FOLDER + "login", home + FOLDER + "logout", callback.isEmpty() ? "" : home + callback);
    }

    boolean include(String path) {
        return path.equals(login) || path.equals(logout) || (!callback.isEmpty() && path.equals(callback));
    }

    /** Whether a canonical path is one that cookies of this login are sent to. */
    boolean cover(String path) {
        return path.startsWith(home) || (path + "/").equals(home);
    }

    /** Where somebody goes after the login: to what was wanted when that is a place of this login, else home. */
    String target(@Nullable String wanted) {
        String path = wanted == null ? null : ReturnPath.canonical(wanted);
        return wanted != null && path != null && cover(path) ? wanted : url(home);
    }

    /** The place as a URL has it. */
    static String url(String place) {
        return URIUtil.encodePath(place);
    }
}
