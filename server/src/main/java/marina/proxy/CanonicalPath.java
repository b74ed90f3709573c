package marina.proxy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * The one path that a request is judged by: what {@link Request#getPathInContext} and {@link HttpURI#getCanonicalPath} give
 * after {@link #of}, to authentication, routes, files, contexts and the access log alike. Percent-decoded, without dot
 * segments, parameters and empty segments; {@code %2F}, {@code %25} and {@code %3B} stay encoded, because decoded they would
 * mean something else, and so does what no URL holds as it is, such as blanks. What could be read in two ways is refused. Pure.
 */
public final class CanonicalPath {
    private static final String DOT_AFTER_SLASH = "/.";

    /** Who encodes a path more often than this wants to hide something. */
    private static final int MOST_ENCODINGS = 4;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String RAW = CanonicalPath.class.getName();

    private CanonicalPath() {}

    /**
     * The target with a canonical path, the same object when there was nothing to do.
     *
     * @throws HttpException.RuntimeException 400 when it is ambiguous
     */
    public static HttpURI of(HttpURI target) {
        String path = target.getPath();
        if (path == null || !path.startsWith("/")) {
            return target; // the authority of CONNECT and the asterisk of OPTIONS
        }
        requirePrintable(path);
        if (path.indexOf(';') >= 0 && hasDotSegment(path)) {
            // Servers differ in what they take away first; Jetty 12.1 makes /a/../b of /a;x/../b.
            throw refusal("parameters of the path together with dot segments");
        }
        HttpURI merged = target.hasViolation(Violation.AMBIGUOUS_EMPTY_SEGMENT) ? merge(target, path) : target;
        requireUnambiguous(merged.getCanonicalPath());
        return merged;
    }

    /** Remembers the client's spelling of a path whose empty segments have been merged. */
    public static void keepRaw(Request request, HttpURI clientTarget) {
        request.setAttribute(RAW, clientTarget.getPath());
    }

    /**
     * The path as the client spelt it, for a backend to see: with its empty segments, unless they are leading, since
     * {@code //host/x} means another thing to some parsers. After a rewrite there is no client's spelling.
     */
    static @Nullable String raw(Request request) {
        String path = request.getHttpURI().getPath();
        if (request.getAttribute(RAW) instanceof String raw
                && !raw.startsWith("//")
                && URIUtil.compactPath(raw).equals(path)) {
            return raw;
        }
        return path;
    }

    /** A canonical path, or a part of one, as a part of a request line: its percent signs are escapes already. */
    public static String encode(String canonical) {
        if (canonical.chars().allMatch(CanonicalPath::isPlain)) {
            return canonical;
        }
        StringBuilder encoded = new StringBuilder(canonical.length() + 16);
        for (byte unit : canonical.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(unit)) {
                encoded.append((char) unit);
            } else {
                encoded.append('%').append(HEX.toHexDigits(unit));
            }
        }
        return encoded.toString();
    }

    /**
     * Whether a path that was put together of parts leads where its text says, to whoever reads it: no dot segments, however
     * they are spelt.
     *
     * @param path percent-encoded, without a query
     */
    public static boolean isUnambiguous(String path) {
        try {
            requirePrintable(path);
            String canonical = HttpURI.build().pathQuery(path).getCanonicalPath();
            if (canonical == null || hasDotSegment(path)) {
                return false;
            }
            requireUnambiguous(canonical);
            return true;
        } catch (HttpException.RuntimeException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isPlain(int unit) {
        return unit > ' ' && unit < 0x7f && "\"#<>?[\\]^`{|}".indexOf(unit) < 0;
    }

    /** What Jetty lets through with its "illegal characters" is more than browsers send: {@code | ^ [ ] { } " < >}. */
    private static void requirePrintable(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c > '~' || c == '\\') {
                throw refusal("a character in the path must be percent-encoded");
            }
        }
    }

    private static HttpURI merge(HttpURI target, String path) {
        if (path.contains("/;") || hasDotSegment(path)) {
            // Whether the empty segment counts decides where ".." leads to: servers differ.
            throw refusal("empty segments of the path together with parameters or dot segments");
        }
        String query = target.getQuery();
        return HttpURI.build(target)
                .pathQuery(URIUtil.compactPath(path) + (query == null ? "" : "?" + query))
                .asImmutable();
    }

    private static void requireUnambiguous(String canonical) {
        if (canonical.indexOf('%') < 0 && !canonical.contains(DOT_AFTER_SLASH)) {
            return;
        }
        String text = canonical;
        for (int round = 0; round < MOST_ENCODINGS; round++) {
            if (hasControl(text) || hasDotSegment(text)) {
                throw refusal("encoded dot segments or control characters in the path");
            }
            String decoded = decode(text);
            if (decoded.equals(text)) {
                return;
            }
            text = decoded;
        }
        throw refusal("the path is encoded too often");
    }

    /** Whether a segment is {@code .} or {@code ..}, with parameters or without, whatever slash separates it. */
    private static boolean hasDotSegment(String path) {
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/' || path.charAt(i) == '\\') {
                if (isDots(path, start, i)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    private static boolean isDots(String path, int start, int end) {
        int dots = 0;
        while (start + dots < end && path.charAt(start + dots) == '.') {
            dots++;
        }
        boolean whole = start + dots == end || path.charAt(start + dots) == ';';
        return whole && (dots == 1 || dots == 2);
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < ' ' || c == 0x7f);
    }

    /**
     * One round, byte by byte: what is encoded in a canonical path is ASCII. What is no escape stays.
     *
     * @param text a canonical path, or a part of one
     */
    public static String decode(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2))) {
                decoded.append((char) Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                decoded.append(c);
            }
        }
        return decoded.toString();
    }

    private static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }

    private static HttpException.RuntimeException refusal(String reason) {
        return new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, reason);
    }
}
