package marina.proxy;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Requests that no backend gets to see, because it might read another request, or more than one, out of them. Pure.
 *
 * <p>The parser of HTTP/1.1 has refused most of them already (Content-Length twice, or next to Transfer-Encoding). What
 * is left is what HTTP/2 can carry and HTTP/1.1 cannot, and what the parser takes but a forwarder may not.
 */
final class Refusal {

    private static final String DELIMITERS_IN_TOKENS = "\"(),/:;<=>?@[\\]{}";

    private Refusal() {}

    /** The status to answer with, or 0 when the request can be forwarded. */
    static int statusOf(Request request) {
        String coding = request.getHeaders().get(HttpHeader.TRANSFER_ENCODING);
        HttpVersion version = request.getConnectionMetaData().getHttpVersion();
        if (coding != null && version.getVersion() < HttpVersion.HTTP_1_1.getVersion()) {
            return HttpStatus.BAD_REQUEST_400; // RFC 9112 section 6.1: its framing is faulty
        }
        if (coding != null && !HttpHeaderValue.CHUNKED.is(coding.trim())) {
            return HttpStatus.NOT_IMPLEMENTED_501; // RFC 9112 section 6.1: e.g. gzip, which would be lost on the way
        }
        HttpURI uri = request.getHttpURI();
        boolean splits = !isToken(request.getMethod()) || splitsLine(uri.getPath()) || splitsLine(uri.getQuery());
        return splits ? HttpStatus.BAD_REQUEST_400 : 0;
    }

    private static boolean splitsLine(@Nullable String target) {
        if (target == null) {
            return false;
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isToken(String method) {
        for (int i = 0; i < method.length(); i++) {
            char c = method.charAt(i);
            if (c <= ' ' || c >= 0x7f || DELIMITERS_IN_TOKENS.indexOf(c) >= 0) {
                return false;
            }
        }
        return !method.isEmpty();
    }
}
