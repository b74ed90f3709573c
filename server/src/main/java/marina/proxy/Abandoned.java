package marina.proxy;

import org.eclipse.jetty.server.Request;

/** A mark on requests whose client has left before the answer began: the access log shows them as 499, as nginx does. */
public final class Abandoned {
    /** No status of HTTP; it is only ever written to logs. */
    public static final int STATUS = 499;

    private static final String ATTRIBUTE = Abandoned.class.getName();

    private Abandoned() {}

    /** To be called before the request is completed. */
    public static void mark(Request request) {
        request.setAttribute(ATTRIBUTE, true);
    }

    /** Whether its client has left. */
    public static boolean is(Request request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }
}
