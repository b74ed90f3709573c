package marina.valve;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import marina.files.Codings;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Lets answers be compressed with gzip where client, type and size suit. Every piece that is written reaches the client at
 * once, as it does without compression. A request whose client takes no gzip passes untouched. Thread-safe.
 */
public final class CompressionValve implements Valve {
    private final Executor executor;
    private final Semaphore compressors;

    /**
     * A valve.
     *
     * @param executor compresses: the calling thread where it may work for long, else a pool
     * @param compressors how many answers may be compressed at once, each with 270 KB of memory; more go uncompressed
     */
    public CompressionValve(Executor executor, Semaphore compressors) {
        this.executor = executor;
        this.compressors = compressors;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        HttpFields headers = request.getHeaders();
        if (!headers.contains(HttpHeader.ACCEPT_ENCODING)
                || (headers.contains(HttpHeader.UPGRADE) && !headers.contains(HttpHeader.UPGRADE, "h2c"))
                || HttpMethod.CONNECT.is(request.getMethod())
                || Codings.quality(headers, "gzip") == 0) {
            return next.handle(request, response, callback);
        }
        HttpFields conditions = withStrongTags(headers);
        Request seen = conditions == null
                ? request
                : new Request.Wrapper(request) {
                    @Override
                    public HttpFields getHeaders() {
                        return conditions;
                    }
                };
        return next.handle(seen, new CompressedResponse(seen, response, executor, compressors), callback);
    }

    /**
     * A tag that we made weak comes back weak, and an application that compares texts would not know it again: so it gets
     * both. Null when there is none.
     */
    private static @Nullable HttpFields withStrongTags(HttpFields headers) {
        if (!isWeak(headers, HttpHeader.IF_NONE_MATCH) && !isWeak(headers, HttpHeader.IF_MATCH)) {
            return null;
        }
        HttpFields.Mutable changed = HttpFields.build();
        for (HttpField field : headers) {
            boolean condition =
                    field.getHeader() == HttpHeader.IF_NONE_MATCH || field.getHeader() == HttpHeader.IF_MATCH;
            changed.add(condition ? new HttpField(field.getHeader(), bothForms(field.getValue())) : field);
        }
        return changed.asImmutable();
    }

    private static boolean isWeak(HttpFields headers, HttpHeader name) {
        String tags = headers.get(name);
        return tags != null && tags.contains("W/\"");
    }

    private static String bothForms(String tags) {
        StringBuilder both = new StringBuilder(tags);
        for (int at = tags.indexOf("W/\""); at >= 0; at = tags.indexOf("W/\"", at + 1)) {
            int end = tags.indexOf('"', at + 3);
            if (end > 0) {
                both.append(", ").append(tags, at + 2, end + 1);
            }
        }
        return both.toString();
    }
}
