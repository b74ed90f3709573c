package marina.simulator.edge;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** The head of a machine's answer. */
record AnswerHead(int status, HttpFields fields) {

    boolean chunked() {
        return fields.contains(HttpHeader.TRANSFER_ENCODING, "chunked");
    }

    /** Whether a body follows (RFC 9112 section 6.3). */
    boolean hasBody(String method) {
        return !method.equals("HEAD") && status != 204 && status != 304 && status >= 200;
    }
}
