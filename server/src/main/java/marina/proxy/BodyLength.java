package marina.proxy;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** What the head of a request tells of its body. Pure. */
public final class BodyLength {

    private BodyLength() {}

    /**
     * Whether there may be a body of which nobody has said how long it is. In HTTP/1.1 the fields tell whether there is one; a
     * request of HTTP/2 need not say so.
     */
    public static boolean isUnknown(Request request) {
        return request.getLength() < 0
                && (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                        || request.getConnectionMetaData().getHttpVersion().getVersion()
                                >= HttpVersion.HTTP_2.getVersion());
    }
}
