package marina.proxy;

import java.net.URI;

/**
 * Where exchanges of a context go.
 *
 * @param origin scheme, host and port; a path is ignored
 * @param strip leading part of the request path that is taken away, without trailing slash; empty for none
 * @param prepend what is put before the path instead, without trailing slash; empty for none
 * @param contextPath sent as X-Forwarded-Prefix when {@code strip} is not empty
 */
public record ForwardTarget(URI origin, String strip, String prepend, String contextPath) {

    /** Passes paths on unchanged. */
    public static ForwardTarget to(URI origin) {
        return new ForwardTarget(origin, "", "", "");
    }
}
