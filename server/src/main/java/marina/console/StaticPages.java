package marina.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The files of the console, which lie in the folder {@code console} of the class path. They hold no secret. Thread-safe. */
final class StaticPages {
    private static final String FOLDER = "/console/";

    /** No segment begins with a dot. */
    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}/){0,5}[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}");

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html;charset=utf-8"),
            Map.entry("css", "text/css;charset=utf-8"),
            Map.entry("js", "text/javascript;charset=utf-8"),
            Map.entry("mjs", "text/javascript;charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("txt", "text/plain;charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"));

    private static final int TAG_BYTES = 12;

    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    private record Page(ByteBuffer bytes, String type, String tag) {}

    /**
     * Answers with a file.
     *
     * @param path below the folder; empty for the first page
     * @return false when there is none
     */
    boolean handle(String path, Request request, Response response, Callback callback) throws IOException {
        Optional<Page> found = find(path.isEmpty() ? "index.html" : path);
        if (found.isEmpty()) {
            return false;
        }
        Page page = found.get();
        response.getHeaders().put(HttpHeader.ETAG, page.tag);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        String known = request.getHeaders().get(HttpHeader.IF_NONE_MATCH);
        if (known != null && known.contains(page.tag)) {
            response.setStatus(HttpStatus.NOT_MODIFIED_304);
            callback.succeeded();
            return true;
        }
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.bytes.remaining());
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? null : page.bytes.duplicate(), callback);
        return true;
    }

    private Optional<Page> find(String path) throws IOException {
        Page known = pages.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(path).matches()) {
            return Optional.empty();
        }
        try (InputStream in = StaticPages.class.getResourceAsStream(FOLDER + path)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            Page page = new Page(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), type, tag(bytes));
            pages.put(path, page);
            return Optional.of(page);
        }
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
