package marina.access;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import marina.proxy.ClientAddress;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A JSON object a line. Its fields are named in docs/operations.md, and keep their names. */
final class JsonForm implements LineForm {

    @Override
    public String line(Exchange exchange) {
        Request request = exchange.request();
        Surroundings.Place place = exchange.place();
        Line line = new Line()
                .text(
                        "time",
                        Instant.ofEpochMilli(Request.getTimeStamp(request)).toString())
                .text("client", ClientAddress.of(request))
                .text("user", exchange.user())
                .text("method", request.getMethod())
                .text("uri", request.getHttpURI().getPathQuery())
                .text("path", request.getHttpURI().getCanonicalPath())
                .text("protocol", request.getConnectionMetaData().getProtocol())
                .text("host", exchange.field(HttpHeader.HOST))
                .number("status", Integer.toString(exchange.status()))
                .number("bytes", exchange.bytesOut())
                .number("bytes_in", exchange.bytesIn())
                .number("micros", exchange.time(TimeUnit.MICROSECONDS))
                .text("context", place == null ? null : place.context())
                .text("kind", place == null ? null : place.kind())
                .text("answer", exchange.answer());
        if (exchange.waitMillis() >= 0) {
            line.number("wait_ms", Long.toString(exchange.waitMillis()));
        }
        if (exchange.upstreamMillis() >= 0) {
            line.number("upstream_ms", Long.toString(exchange.upstreamMillis()));
        }
        line.text("referer", exchange.field(HttpHeader.REFERER))
                .text("user_agent", exchange.field(HttpHeader.USER_AGENT))
                .text("request_id", exchange.id());
        String decision = exchange.fleet();
        return decision == null ? line.end() : line.text("fleet", decision).end();
    }

    /** An object in the making. */
    private static final class Line {
        private final StringBuilder text = new StringBuilder(600).append('{');

        Line text(String name, @Nullable String value) {
            name(name);
            if (value == null) {
                text.append("null");
            } else {
                quote(value);
            }
            return this;
        }

        Line number(String name, String value) {
            name(name);
            text.append(value);
            return this;
        }

        String end() {
            return text.append('}').toString();
        }

        private void name(String name) {
            if (text.length() > 1) {
                text.append(',');
            }
            text.append('"').append(name).append("\":");
        }

        private void quote(String value) {
            text.append('"');
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == '"' || c == '\\') {
                    text.append('\\').append(c);
                } else if (c < ' ' || (c >= 0x7F && c < 0xA0)) {
                    text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                } else {
                    text.append(c);
                }
            }
            text.append('"');
        }
    }
}
