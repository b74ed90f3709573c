package marina.simulator.edge;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import marina.simulator.machine.Machine;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as it goes from machine to machine: that of the client, what the edge says about it, and what
 * replays have changed. Only the thread of the request uses it.
 */
final class RequestHead {

    /** Where the client says it is; no field of Fly, and not passed on. */
    static final String FROM = "Sim-From";

    private static final Set<HttpHeader> OF_ONE_HOP = EnumSet.of(
            HttpHeader.CONNECTION,
            HttpHeader.KEEP_ALIVE,
            HttpHeader.PROXY_CONNECTION,
            HttpHeader.TE,
            HttpHeader.TRAILER,
            HttpHeader.TRANSFER_ENCODING,
            HttpHeader.UPGRADE,
            HttpHeader.HTTP2_SETTINGS,
            HttpHeader.CONTENT_LENGTH,
            HttpHeader.EXPECT);

    private final String method;
    private final HttpFields.Mutable fields = HttpFields.build();
    private final Optional<String> upgrade;
    private String target;

    /** From a client's request; the fields of the edge are set. */
    RequestHead(Request request, Entrance entrance, String edge, String id, String appAddress) {
        this.method = request.getMethod();
        String pathQuery = request.getHttpURI().getPathQuery();
        this.target = pathQuery == null ? "*" : pathQuery;
        HttpFields client = request.getHeaders();
        Optional<String> wanted = Optional.ofNullable(client.get(HttpHeader.UPGRADE));
        this.upgrade = wanted.filter(protocol ->
                protocol.equalsIgnoreCase("websocket") && client.contains(HttpHeader.CONNECTION, "upgrade"));
        for (HttpField field : client) {
            HttpHeader known = field.getHeader();
            if (!(known != null && OF_ONE_HOP.contains(known)) && !field.is(FROM)) {
                fields.add(field);
            }
        }
        if (!fields.contains(HttpHeader.HOST)) {
            fields.put(HttpHeader.HOST, entrance.app().name() + ".fly.dev");
        }
        String address = Request.getRemoteAddr(request);
        String before = fields.get(HttpHeader.X_FORWARDED_FOR);
        fields.put(HttpHeader.X_FORWARDED_FOR, (before == null ? "" : before + ", ") + address + ", " + appAddress);
        String proto = entrance.service().proto();
        String port = Integer.toString(entrance.service().port());
        String ssl = proto.equals("https") ? "on" : "off";
        fields.put("Fly-Client-IP", address);
        fields.put("Fly-Region", edge);
        fields.put("Fly-Request-Id", id);
        fields.put("Fly-Forwarded-Port", port);
        fields.put("Fly-Forwarded-Proto", proto);
        fields.put("Fly-Forwarded-Ssl", ssl);
        unlessSet("X-Forwarded-Proto", proto);
        unlessSet("X-Forwarded-Port", port);
        unlessSet("X-Forwarded-Ssl", ssl);
        fields.put("X-Request-Start", "t=" + micros());
        fields.add("Via", "1.1 fly.io");
    }

    private void unlessSet(String name, String value) {
        if (!fields.contains(name)) {
            fields.put(name, value);
        }
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    String method() {
        return method;
    }

    String target() {
        return target;
    }

    /** The path without the query. */
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The host without the port, in small letters. */
    String host() {
        String host = fields.get(HttpHeader.HOST);
        return host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    }

    /** The value of a field, or null. */
    @Nullable
    String field(String name) {
        return fields.get(name);
    }

    /** The value of a cookie, or null. */
    @Nullable
    String cookie(String name) {
        for (String line : fields.getValuesList(HttpHeader.COOKIE)) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    return pair.substring(equals + 1).strip();
                }
            }
        }
        return null;
    }

    boolean upgrades() {
        return upgrade.isPresent();
    }

    /** What the edge adds for one hop. */
    void replayedBy(Machine source, Optional<String> state) {
        StringBuilder value = new StringBuilder("instance=" + source.id())
                .append(";region=")
                .append(source.spec().region())
                .append(";t=")
                .append(micros());
        state.ifPresent(text -> value.append(";state=").append(text));
        fields.put("fly-replay-src", value.toString());
    }

    void set(String name, String value) {
        fields.put(name, value);
    }

    void remove(String name) {
        fields.remove(name);
    }

    /** Changes the request as a replay says; setting any field loses Authorization, as has been seen on Fly. */
    void transform(Replay.Transform transform) {
        transform.path().ifPresent(path -> target = path);
        transform.deleteHeaders().forEach(fields::remove);
        if (!transform.setHeaders().isEmpty()) {
            fields.remove(HttpHeader.AUTHORIZATION);
        }
        transform.setHeaders().forEach(fields::put);
    }

    /** The bytes for a machine, one for each char. */
    String text(ClientBody body) {
        StringBuilder text =
                new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        for (HttpField field : fields) {
            text.append(field.getName()).append(": ").append(field.getValue()).append("\r\n");
        }
        text.append(body.framing());
        if (upgrade.isPresent()) {
            text.append("Connection: Upgrade\r\nUpgrade: ")
                    .append(upgrade.get())
                    .append("\r\n");
        } else {
            text.append("Connection: close\r\n");
        }
        return text.append("\r\n").toString();
    }
}
