package marina.server;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import marina.config.ContextPath;
import marina.config.VectorConfig;
import marina.context.MountedContext;
import marina.host.Host;
import marina.process.OutputSink;
import marina.proxy.ClientAddress;
import marina.proxy.RequestId;
import marina.vector.JsonLine;
import marina.vector.LineShipper;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/** What Vector is told of requests and of the output of programs, in the fields that Navigator's users have. Thread-safe. */
final class VectorFeed {
    private final LineShipper shipper;

    VectorFeed(LineShipper shipper) {
        this.shipper = shipper;
    }

    /** A line that a program has printed; one that is in the form of Vector's readers already goes as it is. */
    void output(String source, OutputSink.Channel channel, String line) {
        if (source.equals(VectorConfig.SERVICE)) {
            return; // what Vector says of a line would be the next line
        }
        boolean isReady = line.startsWith("{")
                && line.endsWith("}")
                && line.contains("\"@timestamp\"")
                && line.contains("\"severity\"");
        shipper.offer(
                isReady
                        ? line
                        : JsonLine.now()
                                .with("source", source)
                                .with("stream", channel == OutputSink.Channel.ERR ? "stderr" : "stdout")
                                .with("message", line)
                                .with("tenant", source)
                                .toString());
    }

    /** A request that has been answered. */
    void request(Request request, Response response, Host host) {
        shipper.offer(access(request, response, host));
    }

    /** The line of a request, in Navigator's fields. */
    static String access(Request request, Response response, Host host) {
        var headers = request.getHeaders();
        long millis = TimeUnit.NANOSECONDS.toMillis(NanoTime.since(request.getBeginNanoTime()));
        ResponseKind kind = ResponseKind.of(request, response);
        JsonLine line = JsonLine.now()
                .with("client_ip", ClientAddress.of(request))
                .with("remote_user", user(request))
                .with("method", request.getMethod())
                .with("uri", request.getHttpURI().getPathQuery())
                .with("protocol", request.getConnectionMetaData().getProtocol())
                .with("status", response.getStatus())
                .with("body_bytes_sent", Response.getContentBytesWritten(response))
                .with("request_id", headers.get(RequestId.FIELD))
                .with("request_time", String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000))
                .with("referer", headers.get(HttpHeader.REFERER))
                .with("user_agent", headers.get(HttpHeader.USER_AGENT))
                .with("fly_request_id", headers.get("Fly-Request-Id"))
                .withAny("tenant", tenant(request, host))
                .withAny("response_type", kind == null ? "" : kind.text());
        boolean leads = kind == ResponseKind.REDIRECT || kind == ResponseKind.FLY_REPLAY;
        return line.withAny("destination", leads ? response.getHeaders().get(HttpHeader.LOCATION) : "")
                .toString();
    }

    private static String user(Request request) {
        var principal = Request.getAuthenticationState(request).getUserPrincipal();
        return principal == null || principal.getName() == null ? "-" : principal.getName();
    }

    private static @Nullable String tenant(Request request, Host host) {
        String path = request.getHttpURI().getCanonicalPath();
        return path == null
                ? null
                : host.contextFor(path)
                        .map(MountedContext::path)
                        .map(ContextPath::name)
                        .orElse(null);
    }
}
