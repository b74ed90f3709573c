package marina.cgi;

import java.io.IOException;
import java.nio.ByteBuffer;
import marina.proxy.ClientFields;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What a script prints, on its way to the client: each piece as it comes, and the next one only when the client has taken it.
 * For one thread after the other.
 */
final class CgiAnswer {
    private final Request request;
    private final Response response;
    private final CgiHead head = new CgiHead();
    private long written;
    private boolean tooLong;

    CgiAnswer(Request request, Response response) {
        this.request = request;
        this.response = response;
    }

    /**
     * Takes the next bytes that the script has printed. Blocks as long as the client takes.
     *
     * @throws BadHeadException when they are no head
     * @throws IOException when the client does not take them
     */
    void accept(byte[] bytes, int count) throws BadHeadException, IOException {
        boolean first = !head.isComplete();
        int from = first ? head.accept(bytes, count) : 0;
        if (!head.isComplete() || head.localRedirect() != null) {
            return;
        }
        if (first) {
            begin();
        }
        if (hasBody()) {
            write(bytes, from, count - from, first);
        }
    }

    /** Whether there is a head. */
    boolean isBegun() {
        return head.isComplete();
    }

    /** Why there is no answer though the script has ended. */
    String whatIsMissing() {
        return head.isEmpty() ? "it has printed nothing" : "its output ends within its head";
    }

    /** The path of this server that is to answer instead, if there is one. */
    @Nullable
    String localRedirect() {
        return head.localRedirect();
    }

    /** Whether it has printed fewer bytes than it had announced. */
    boolean isTooShort() {
        return hasBody() && written < head.length();
    }

    /** Whether it has printed more bytes than it had announced; those have been left out. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Writes the end. */
    void end(Callback callback) {
        response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    }

    private void begin() {
        response.setStatus(head.status());
        HttpFields.Mutable fields = HttpFields.build();
        boolean noContent = head.status() == HttpStatus.NO_CONTENT_204 || head.status() == HttpStatus.RESET_CONTENT_205;
        for (HttpField field : head.fields()) {
            boolean length = field.getHeader() == HttpHeader.CONTENT_LENGTH;
            if (field.getHeader() != HttpHeader.TRAILER && !(length && noContent)) {
                fields.add(field);
            }
        }
        ClientFields.answer(fields, response.getHeaders());
        HttpVersion version = request.getConnectionMetaData().getHttpVersion();
        if (hasBody() && head.length() < 0 && version == HttpVersion.HTTP_1_1) {
            // Chunked even if this is the last answer on its connection: else an abort would look like the end.
            response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);
        }
    }

    private boolean hasBody() {
        return !HttpMethod.HEAD.is(request.getMethod()) && !HttpStatus.hasNoBody(head.status());
    }

    /** The client must see the head of an event stream before its first event. */
    private void write(byte[] bytes, int from, int count, boolean withHead) throws IOException {
        long room = head.length() < 0 ? count : head.length() - written;
        int taken = (int) Math.min(count, room);
        tooLong |= taken < count;
        if (taken > 0 || withHead) {
            written += taken;
            Content.Sink.write(response, false, ByteBuffer.wrap(bytes, from, taken));
        }
    }
}
