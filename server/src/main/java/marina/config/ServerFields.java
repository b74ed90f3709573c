package marina.config;

import java.util.Set;

/** Fields of HTTP that are for the server to set. Names are in lower case. */
public final class ServerFields {
    private static final Set<String> FRAMING = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "expect",
            "http2-settings",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> OURS = Set.of(
            "forwarded",
            "proxy",
            "remote-user",
            "x-accel-mapping",
            "x-real-ip",
            "x-remote-user",
            "x-request-id",
            "x-script-name",
            "x-sendfile-type");

    private ServerFields() {}

    /** Whether a field says how a message is read, or belongs to one connection. */
    public static boolean areFraming(String name) {
        return FRAMING.contains(name) || name.startsWith("sec-websocket-");
    }

    /** Whether backends trust a field because the server alone sets it. */
    public static boolean tellBackends(String name) {
        return OURS.contains(name) || name.startsWith("x-forwarded-");
    }
}
