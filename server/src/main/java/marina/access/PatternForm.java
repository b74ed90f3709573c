package marina.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import marina.config.AccessPattern;
import marina.proxy.ClientAddress;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Lines that are written with Tomcat's percent signs, and with {@code %{…}M} for what only Marina knows. */
final class PatternForm implements LineForm {
    private static final String NONE = "-";

    private final List<Function<Exchange, @Nullable String>> pieces = new ArrayList<>();
    private final boolean tellsFleet;

    /**
     * Lines of a pattern.
     *
     * @param tellsFleet whether what was decided of a request with a place is one field more, at the end
     */
    PatternForm(AccessPattern pattern, boolean tellsFleet) {
        this.tellsFleet = tellsFleet;
        pattern.pieces().forEach(piece -> pieces.add(piece.isText() ? text(piece.text()) : value(piece)));
    }

    @Override
    public String line(Exchange exchange) {
        StringBuilder line = new StringBuilder(200);
        for (Function<Exchange, @Nullable String> piece : pieces) {
            String value = piece.apply(exchange);
            line.append(value == null || value.isEmpty() ? NONE : value);
        }
        String decision = tellsFleet ? exchange.fleet() : null;
        return decision == null
                ? line.toString()
                : line.append(" fleet=").append(decision).toString();
    }

    private static Function<Exchange, @Nullable String> text(String text) {
        return exchange -> text;
    }

    private static Function<Exchange, @Nullable String> value(AccessPattern.Piece piece) {
        String name = piece.text();
        return switch (piece.code()) {
            case '%' -> text("%");
            case 'a', 'h' -> exchange -> ClientAddress.of(exchange.request());
            case 'A' -> exchange -> Request.getLocalAddr(exchange.request());
            case 'b' -> Exchange::bytesOutOrDash;
            case 'B' -> Exchange::bytesOut;
            case 'c' -> exchange -> escape(cookie(exchange.request(), name));
            case 'D' -> exchange -> exchange.time(TimeUnit.MICROSECONDS);
            case 'F' -> exchange -> exchange.commitMicros() < 0 ? null : Long.toString(exchange.commitMicros());
            case 'H' -> exchange -> exchange.request().getConnectionMetaData().getProtocol();
            case 'i' -> field(name, exchange -> exchange.request().getHeaders());
            case 'I' -> exchange -> Thread.currentThread().getName();
            case 'l' -> text(NONE);
            case 'm' -> exchange -> escape(exchange.request().getMethod());
            case 'M' -> fact(name);
            case 'o' -> field(name, exchange -> exchange.response().getHeaders());
            case 'p' -> exchange -> port(exchange.request(), name);
            case 'q' -> exchange -> query(exchange.request());
            case 'r' -> name.isEmpty() ? PatternForm::requestLine : exchange -> attribute(exchange, name);
            case 's' -> name.isEmpty()
                    ? exchange -> Integer.toString(exchange.status())
                    : exchange -> escape(exchange.sessionAttribute(name));
            case 'S' -> exchange -> escape(exchange.session());
            case 't' -> Times.of(name);
            case 'T' -> duration(name);
            case 'u' -> exchange -> escape(exchange.user());
            case 'U' -> exchange -> escape(exchange.request().getHttpURI().getPath());
            case 'v' -> exchange -> escape(Request.getServerName(exchange.request()));
            case 'X' -> PatternForm::connection;
            default -> throw new IllegalArgumentException("%" + piece.code());
        };
    }

    private static Function<Exchange, @Nullable String> field(String name, Function<Exchange, HttpFields> fields) {
        HttpHeader known = HttpHeader.CACHE.get(name);
        return known == null
                ? exchange -> escape(fields.apply(exchange).get(name))
                : exchange -> escape(fields.apply(exchange).get(known));
    }

    private static Function<Exchange, @Nullable String> fact(String name) {
        return switch (name) {
            case "context" -> exchange ->
                    exchange.place() == null ? null : exchange.place().context();
            case "kind" -> exchange ->
                    exchange.place() == null ? null : exchange.place().kind();
            case "answer" -> Exchange::answer;
            case "fleet" -> Exchange::fleet;
            case "wait" -> exchange -> millis(exchange.waitMillis());
            case "upstream" -> exchange -> millis(exchange.upstreamMillis());
            case "in" -> Exchange::bytesIn;
            case "out" -> Exchange::bytesOut;
            case "duration" -> exchange -> exchange.time(TimeUnit.MILLISECONDS);
            case "id" -> Exchange::id;
            case "uri" -> exchange -> escape(exchange.request().getHttpURI().getPathQuery());
            default -> throw new IllegalArgumentException("%{" + name + "}M");
        };
    }

    private static Function<Exchange, @Nullable String> duration(String unit) {
        return switch (unit) {
            case "ms" -> exchange -> exchange.time(TimeUnit.MILLISECONDS);
            case "us" -> exchange -> exchange.time(TimeUnit.MICROSECONDS);
            default -> exchange -> exchange.time(TimeUnit.SECONDS);
        };
    }

    private static @Nullable String millis(long value) {
        return value < 0 ? null : Long.toString(value);
    }

    private static String requestLine(Exchange exchange) {
        Request request = exchange.request();
        return escape(request.getMethod()) + " "
                + escape(request.getHttpURI().getPathQuery()) + " "
                + request.getConnectionMetaData().getProtocol();
    }

    private static @Nullable String query(Request request) {
        String query = request.getHttpURI().getQuery();
        return query == null || query.isEmpty() ? null : "?" + escape(query);
    }

    private static @Nullable String cookie(Request request, String name) {
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(cookie -> cookie.getValue())
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String attribute(Exchange exchange, String name) {
        Object value = exchange.request().getAttribute(name);
        return value == null ? null : escape(value.toString());
    }

    private static String port(Request request, String whose) {
        return switch (whose) {
            case "remote" -> Integer.toString(Request.getRemotePort(request));
            case "local" -> Integer.toString(Request.getLocalPort(request));
            default -> Integer.toString(Request.getServerPort(request));
        };
    }

    /** As Apache and Tomcat write it: X when the client left, + when the connection goes on, - when it is closed. */
    private static String connection(Exchange exchange) {
        if (exchange.status() == marina.proxy.Abandoned.STATUS) {
            return "X";
        }
        boolean closes = exchange.response().getHeaders().contains(HttpHeader.CONNECTION, "close");
        return closes || !exchange.request().getConnectionMetaData().isPersistent() ? NONE : "+";
    }

    /** Nothing that a client sends can end a field or a line, or move a terminal's cursor. */
    static @Nullable String escape(@Nullable String value) {
        if (value == null) {
            return null;
        }
        StringBuilder clean = null;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean bad = c < ' ' || c == '"' || c == '\\' || (c >= 0x7F && c < 0xA0);
            if (bad && clean == null) {
                clean = new StringBuilder(value.length() + 16).append(value, 0, i);
            }
            if (clean != null) {
                if (c == '"' || c == '\\') {
                    clean.append('\\').append(c);
                } else if (bad) {
                    clean.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
                } else {
                    clean.append(c);
                }
            }
        }
        return clean == null ? value : clean.toString();
    }
}
