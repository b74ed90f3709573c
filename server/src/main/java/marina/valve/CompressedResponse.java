package marina.valve;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import marina.files.MediaTypes;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A response that decides with its first write whether it is compressed. One writer at a time, as every response. */
final class CompressedResponse extends Response.Wrapper {
    /** Below it, a packet is a packet. */
    private static final long WORTH_COMPRESSING = 1024;

    private final Executor executor;
    private final Semaphore compressors;
    private boolean decided;
    private @Nullable GzipStream stream;

    CompressedResponse(Request request, Response wrapped, Executor executor, Semaphore compressors) {
        super(request, wrapped);
        this.executor = executor;
        this.compressors = compressors;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        if (!decided) {
            decided = true;
            decide(last, BufferUtil.length(content));
        }
        GzipStream gzip = stream;
        if (gzip == null) {
            super.write(last, content, callback);
        } else {
            ByteBuffer piece = content == null ? BufferUtil.EMPTY_BUFFER : content;
            try {
                executor.execute(() -> gzip.write(last, piece, callback));
            } catch (RejectedExecutionException e) {
                gzip.write(last, piece, callback); // the pool is stopping, and this thread serves few others now
            }
        }
    }

    /** Another answer will take the place of this one, whose head has not been sent. */
    @Override
    public void reset() {
        super.reset();
        decided = false;
        stream = null;
    }

    private void decide(boolean last, long length) {
        HttpFields.Mutable headers = getHeaders();
        if (getStatus() == HttpStatus.NOT_MODIFIED_304) {
            String known = getRequest().getHeaders().get(HttpHeader.IF_NONE_MATCH);
            if (known != null && known.contains("W/" + headers.get(HttpHeader.ETAG))) {
                weakenTag(headers); // as it was in the answer that the client has
            }
            return;
        }
        if (!isCompressible(headers)) {
            return;
        }
        boolean head = HttpMethod.HEAD.is(getRequest().getMethod());
        long size = last && !head ? length : headers.getLongField(HttpHeader.CONTENT_LENGTH);
        if (size >= 0 && size < WORTH_COMPRESSING) {
            return;
        }
        if (!variesByCoding(headers)) {
            headers.add(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
        }
        if (head || !compressors.tryAcquire()) {
            return;
        }
        stream = new GzipStream(getWrapped(), getRequest());
        Request.addCompletionListener(getRequest(), failure -> {
            compressors.release();
        });
        headers.put(HttpHeader.CONTENT_ENCODING, "gzip");
        headers.remove(HttpHeader.CONTENT_LENGTH);
        headers.remove(HttpHeader.ACCEPT_RANGES); // of other bytes than these
        weakenTag(headers);
        if (!last && getRequest().getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // Chunked even if this is the last answer on its connection: else an abort would look like the end.
            headers.put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);
        } else if (last) {
            headers.remove(HttpHeader.TRANSFER_ENCODING);
        }
    }

    private boolean isCompressible(HttpFields headers) {
        int status = getStatus() == 0 ? HttpStatus.OK_200 : getStatus();
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        return !HttpStatus.hasNoBody(status)
                && status != HttpStatus.PARTIAL_CONTENT_206
                && !headers.contains(HttpHeader.CONTENT_ENCODING)
                && !headers.contains(HttpHeader.CONTENT_RANGE)
                && type != null
                && MediaTypes.isCompressible(type)
                && !headers.contains(HttpHeader.CACHE_CONTROL, "no-transform");
    }

    private static boolean variesByCoding(HttpFields headers) {
        return headers.contains(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString())
                || headers.contains(HttpHeader.VARY, "*");
    }

    private static void weakenTag(HttpFields.Mutable headers) {
        String tag = headers.get(HttpHeader.ETAG);
        if (tag != null && !tag.startsWith("W/")) {
            headers.put(HttpHeader.ETAG, "W/" + tag);
        }
    }
}
