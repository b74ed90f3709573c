package marina.cgi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * The head of what a script prints (RFC 3875 section 6): lines of {@code Name: value} up to an empty one, each ended by LF or
 * CR LF. What is not of this form is refused as a whole, so that nothing can be hidden in it. For one thread.
 */
final class CgiHead {
    /** More than any server passes on, and far less than a program that prints no head at all. */
    static final int LIMIT = 32 * 1024;

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern STATUS = Pattern.compile("([2-5][0-9]{2})([ \t].*)?");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** RFC 3875 section 6.3: at most one of each. */
    private static final Set<String> ONCE = Set.of("status", "location", "content-type", "content-length");

    private final HttpFields.Mutable fields = HttpFields.build();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int size;
    private boolean complete;
    private @Nullable String statusLine;

    /**
     * Takes the next bytes, up to the end of the head.
     *
     * @return how many of them belong to it
     */
    int accept(byte[] bytes, int count) throws BadHeadException {
        for (int i = 0; i < count; i++) {
            if (++size > LIMIT) {
                throw new BadHeadException("its head is longer than " + LIMIT + " bytes");
            }
            if (bytes[i] != '\n') {
                line.write(bytes[i]);
                continue;
            }
            String text = line.toString(StandardCharsets.ISO_8859_1);
            line.reset();
            endLine(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            if (complete) {
                return i + 1;
            }
        }
        return count;
    }

    /** Whether its end has come. */
    boolean isComplete() {
        return complete;
    }

    /** Whether nothing at all has come. */
    boolean isEmpty() {
        return size == 0;
    }

    /** The fields but Status. */
    HttpFields fields() {
        return fields;
    }

    /** The status for the client: what Status says, else 302 with a Location and 200 without. */
    int status() {
        String written = statusLine;
        if (written != null) {
            return Integer.parseInt(written.substring(0, 3));
        }
        return fields.contains(HttpHeader.LOCATION) ? HttpStatus.FOUND_302 : HttpStatus.OK_200;
    }

    /** How long the body is, by its own word; -1 when it does not say. */
    long length() {
        String length = fields.get(HttpHeader.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length);
    }

    /**
     * The path of this server that is to answer in its place (RFC 3875 section 6.2.2): a Location that is a path and the only
     * field. With others beside it, cookies for example, it is meant for the client.
     */
    @Nullable
    String localRedirect() {
        String location = fields.get(HttpHeader.LOCATION);
        boolean path = location != null && location.startsWith("/") && !location.startsWith("//");
        return path && statusLine == null && fields.size() == 1 ? location : null;
    }

    private void endLine(String text) throws BadHeadException {
        if (text.isEmpty()) {
            end();
            return;
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(0, colon);
        if (!TOKEN.matcher(name).matches()) {
            String hint = text.startsWith("HTTP/") ? "; a status is written as Status: 404 Not Found" : "";
            throw new BadHeadException("its head has a line that is no field: " + shortened(text) + hint);
        }
        String value = text.substring(colon + 1).strip();
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new BadHeadException("its field " + name + " holds a control character");
        }
        add(name, value);
    }

    private void add(String name, String value) throws BadHeadException {
        String lowerCase = name.toLowerCase(Locale.ENGLISH);
        boolean status = lowerCase.equals("status");
        if (ONCE.contains(lowerCase) && (fields.contains(name) || (status && statusLine != null))) {
            throw new BadHeadException("its field " + name + " comes twice");
        }
        if (lowerCase.equals("content-length") && !LENGTH.matcher(value).matches()) {
            throw new BadHeadException("its Content-Length is no number: " + shortened(value));
        }
        if (!status) {
            fields.add(name, value);
        } else if (STATUS.matcher(value).matches()) {
            statusLine = value;
        } else {
            throw new BadHeadException("its Status is none from 200 to 599: " + shortened(value));
        }
    }

    private void end() throws BadHeadException {
        if (statusLine == null && !fields.contains(HttpHeader.LOCATION) && !fields.contains(HttpHeader.CONTENT_TYPE)) {
            throw new BadHeadException("its head has neither Content-Type nor Location nor Status");
        }
        complete = true;
    }

    private static String shortened(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return '"' + (printable.length() > 80 ? printable.substring(0, 80) + "…" : printable) + '"';
    }
}
