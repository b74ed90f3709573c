package marina.proxy;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/**
 * The fields that tell a backend of the client, {@code X-Forwarded-*} and {@code Forwarded} (RFC 7239). They are the same for all requests of
 * a client to a host, so those of the last few hundred are kept as bytes, from the second request on. Thread-safe.
 */
final class ForwardedFields {
    private static final int SLOTS = 256; // a power of two
    private static final int LONGEST = 100;

    /** Each slot has who came last; a race costs fields that are written twice. */
    private static final @Nullable Known[] KNOWN = new Known[SLOTS];

    private ForwardedFields() {}

    private record Known(ClientView view, List<HttpField> fields, boolean encoded) {
        boolean isOf(ClientView other) {
            return view.port() == other.port()
                    && view.authority().equals(other.authority())
                    && view.address().equals(other.address())
                    && view.scheme().equals(other.scheme());
        }
    }

    /** Those of a client; the user is none of them. */
    static List<HttpField> of(ClientView view) {
        if (!view.hops().isEmpty() || view.authority().length() > LONGEST) {
            return written(view);
        }
        int hash = (view.address().hashCode() * 31 + view.authority().hashCode()) * 31 + view.port();
        int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & SLOTS - 1;
        Known known = KNOWN[slot];
        if (known == null || !known.isOf(view)) {
            known = new Known(view, written(view), false);
            KNOWN[slot] = known;
        } else if (!known.encoded && isPlain(view.authority())) {
            known = new Known(view, encoded(known.fields), true);
            KNOWN[slot] = known;
        }
        return known.fields;
    }

    private static List<HttpField> written(ClientView view) {
        return List.of(
                new HttpField(HttpHeader.X_FORWARDED_FOR, view.chain(", ")),
                new HttpField(HttpHeader.X_FORWARDED_PROTO, view.scheme()),
                new HttpField(HttpHeader.X_FORWARDED_HOST, view.authority()),
                new HttpField(HttpHeader.X_FORWARDED_PORT, Integer.toString(view.port())),
                new HttpField(HttpHeader.FORWARDED, forwarded(view)));
    }

    private static List<HttpField> encoded(List<HttpField> fields) {
        List<HttpField> encoded = new ArrayList<>();
        for (HttpField field : fields) {
            encoded.add(new PreEncodedHttpField(field.getHeader(), field.getName(), field.getValue()));
        }
        return List.copyOf(encoded);
    }

    /** What is kept as bytes is not looked at again when it is sent. */
    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** An IPv6 address is in brackets, what holds a colon is quoted, and a Unix socket has no address. */
    private static String forwarded(ClientView view) {
        String host = HttpField.PARAMETER_TOKENIZER.quote(view.authority());
        StringBuilder elements = new StringBuilder("for=" + node(view.address()));
        elements.append(";host=").append(host).append(";proto=").append(view.scheme());
        view.hops().forEach(hop -> elements.append(", for=").append(node(hop)));
        return elements.toString();
    }

    private static String node(String address) {
        if (address.equals("unix:")) {
            return "unknown";
        }
        return address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    }
}
