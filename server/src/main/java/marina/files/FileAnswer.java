package marina.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.ByteRange;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file as the answer to one request: the form that the client wants, its conditions, its ranges. What the response has
 * been given before stays: its Content-Type, and a status other than 200, which is then neither conditional nor partial.
 *
 * @param exchange not answered yet
 * @param errors answers where there is nothing to send
 * @param executor for what may block
 */
record FileAnswer(Exchange exchange, StatusAnswer errors, Executor executor) {
    private static final Logger LOG = LoggerFactory.getLogger(FileAnswer.class);
    private static final HttpField VARY = new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding");
    private static final HttpField RANGES = new PreEncodedHttpField(HttpHeader.ACCEPT_RANGES, "bytes");

    /** Completes the exchange, now or later. Does not block. */
    void send(StoredFile file) {
        HttpFields request = exchange.request().getHeaders();
        Representation form = file.select(request);
        int before = exchange.response().getStatus();
        boolean plain = before != 0 && before != HttpStatus.OK_200;
        int status = plain ? before : Preconditions.evaluate(request, form, file.modifiedSeconds());
        if (status == HttpStatus.PRECONDITION_FAILED_412) {
            exchange.error(errors, status);
            return;
        }
        HttpFields.Mutable headers = exchange.response().getHeaders();
        exchange.response().setStatus(status);
        headers.put(form.fields().etag());
        headers.put(file.lastModified());
        if (file.varies()) {
            headers.add(VARY);
        }
        if (status == HttpStatus.NOT_MODIFIED_304) {
            headers.remove(HttpHeader.CONTENT_TYPE);
            headers.put(form.fields().length()); // as 200 would have it (RFC 9110 section 8.6), else Jetty says 0
            exchange.response().write(true, null, exchange.callback());
            return;
        }
        HttpField type = file.contentType();
        if (type != null && !headers.contains(HttpHeader.CONTENT_TYPE)) {
            headers.put(type);
        }
        HttpField coding = form.fields().coding();
        if (coding != null) {
            headers.put(coding);
        }
        String range =
                plain || !HttpMethod.GET.is(exchange.request().getMethod()) ? null : request.get(HttpHeader.RANGE);
        if (range != null && Preconditions.rangeApplies(request, form, file.modifiedSeconds())) {
            sendRanges(form, ByteRanges.parse(range, form.size()));
        } else {
            sendWhole(form);
        }
    }

    private void sendWhole(Representation form) {
        HttpFields.Mutable headers = exchange.response().getHeaders();
        headers.put(RANGES);
        headers.put(form.fields().length());
        ByteBuffer bytes = form.bytes();
        if (HttpMethod.HEAD.is(exchange.request().getMethod()) || form.size() == 0) {
            exchange.response().write(true, null, exchange.callback());
        } else if (bytes != null) {
            exchange.response().write(true, bytes.duplicate(), exchange.callback());
        } else {
            sendBody(form, List.of(FileBody.Part.of(new ByteRange(0, form.size() - 1))));
        }
    }

    private void sendRanges(Representation form, ByteRanges asked) {
        HttpFields.Mutable headers = exchange.response().getHeaders();
        List<ByteRange> ranges = asked.ranges();
        if (!asked.asked()) {
            sendWhole(form);
        } else if (ranges.isEmpty()) {
            headers.remove(HttpHeader.CONTENT_ENCODING);
            headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + form.size());
            exchange.error(errors, HttpStatus.RANGE_NOT_SATISFIABLE_416);
        } else if (ranges.size() == 1) {
            ByteRange range = ranges.get(0);
            exchange.response().setStatus(HttpStatus.PARTIAL_CONTENT_206);
            headers.put(RANGES);
            headers.put(HttpHeader.CONTENT_RANGE, contentRange(range, form));
            headers.put(HttpHeader.CONTENT_LENGTH, range.getLength());
            sendBody(form, List.of(FileBody.Part.of(range)));
        } else {
            exchange.response().setStatus(HttpStatus.PARTIAL_CONTENT_206);
            headers.put(RANGES);
            sendParts(form, ranges);
        }
    }

    /** RFC 9110 section 14.6. */
    private void sendParts(Representation form, List<ByteRange> ranges) {
        HttpFields.Mutable headers = exchange.response().getHeaders();
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        String boundary = Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36);
        List<FileBody.Part> parts = new ArrayList<>();
        for (ByteRange range : ranges) {
            parts.add(FileBody.Part.of((parts.isEmpty() ? "" : "\r\n") + "--" + boundary + "\r\n"
                    + (type == null ? "" : "Content-Type: " + type + "\r\n")
                    + "Content-Range: " + contentRange(range, form) + "\r\n\r\n"));
            parts.add(FileBody.Part.of(range));
        }
        parts.add(FileBody.Part.of("\r\n--" + boundary + "--\r\n"));
        headers.put(HttpHeader.CONTENT_TYPE, "multipart/byteranges; boundary=" + boundary);
        headers.put(
                HttpHeader.CONTENT_LENGTH,
                parts.stream().mapToLong(FileBody.Part::length).sum());
        sendBody(form, parts);
    }

    private static String contentRange(ByteRange range, Representation form) {
        return "bytes " + range.first() + "-" + range.last() + "/" + form.size();
    }

    private void sendBody(Representation form, List<FileBody.Part> parts) {
        ByteBuffer bytes = form.bytes();
        if (bytes != null) {
            new FileBody(exchange, parts, FileBody.Bytes.of(bytes)).iterate();
        } else {
            executor.execute(() -> sendFromDisk(form, parts));
        }
    }

    private void sendFromDisk(Representation form, List<FileBody.Part> parts) {
        FileChannel channel;
        try {
            channel = FileReader.open(form.file());
        } catch (IOException e) {
            if (!(e instanceof NoSuchFileException)) {
                LOG.warn("Cannot read {}, the answer is 404: {}", form.file(), e.toString());
            }
            exchange.response().reset();
            exchange.error(errors, HttpStatus.NOT_FOUND_404);
            return;
        }
        new FileBody(exchange, parts, FileBody.Bytes.of(channel)).iterate();
    }
}
