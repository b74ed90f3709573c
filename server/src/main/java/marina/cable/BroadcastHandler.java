package marina.cable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import marina.config.CableConfig;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes {@code POST {"stream":…,"data":…}} from applications on this machine. The token of a context comes in the path, behind
 * broadcast_path, or as {@code Authorization: Bearer}. Thread-safe, blocks nowhere.
 */
final class BroadcastHandler {
    private static final Logger LOG = LoggerFactory.getLogger(BroadcastHandler.class);
    private static final String BEARER = "Bearer ";

    /** What a proxy adds; a request that has passed one is not from this machine, wherever the proxy runs. */
    private static final List<String> MARKS_OF_PROXIES = List.of(
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Real-IP",
            "Via",
            "Fly-Client-IP");

    private final Cable cable;

    BroadcastHandler(Cable cable) {
        this.cable = cable;
    }

    /**
     * Answers a request for the path of broadcasts.
     *
     * @param pathToken what follows that path; empty for nothing
     */
    void handle(String pathToken, Request request, Response response, Callback callback) {
        CableConfig config = cable.config();
        if (!isFromHere(request) || isFromAPage(request)) {
            refuse(HttpStatus.FORBIDDEN_403, "broadcasts are taken from this machine only", response, callback);
            return;
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
            refuse(HttpStatus.METHOD_NOT_ALLOWED_405, "broadcasts are posted", response, callback);
            return;
        }
        Optional<String> scope = scope(config, pathToken, request);
        if (scope.isEmpty()) {
            refuse(
                    HttpStatus.FORBIDDEN_403,
                    "the token of a context is missing or wrong; see TURBO_CABLE_BROADCAST_URL in its environment",
                    response,
                    callback);
            return;
        }
        int largest = (int) config.limits().broadcast();
        if (request.getLength() > largest) {
            refuse(HttpStatus.PAYLOAD_TOO_LARGE_413, "more than cable.max_broadcast", response, callback);
            return;
        }
        Content.Source.asByteArrayAsync(
                request,
                largest,
                Promise.Invocable.from(
                        InvocationType.NON_BLOCKING,
                        body -> publish(scope.get(), body, response, callback),
                        failure -> failed(failure, response, callback)));
    }

    private Optional<String> scope(CableConfig config, String pathToken, Request request) {
        String field = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        String token = pathToken.isEmpty() && field != null && field.startsWith(BEARER)
                ? field.substring(BEARER.length()).strip()
                : pathToken;
        Optional<String> scope = token.isEmpty() && !config.requireToken()
                ? Optional.of(Cable.ROOT)
                : cable.keys().scope(token);
        return config.shared() ? scope.map(own -> Cable.ROOT) : scope;
    }

    private void failed(Throwable failure, Response response, Callback callback) {
        if (failure instanceof IOException) {
            callback.failed(failure); // the client has left
        } else {
            refuse(HttpStatus.PAYLOAD_TOO_LARGE_413, "more than cable.max_broadcast", response, callback);
        }
    }

    private void publish(String scope, byte[] body, Response response, Callback callback) {
        Map<String, String> members;
        try {
            members = JsonText.members(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (IllegalArgumentException e) {
            refuse(
                    HttpStatus.BAD_REQUEST_400,
                    "the body is not what it must be: " + e.getMessage(),
                    response,
                    callback);
            return;
        } catch (CharacterCodingException e) {
            refuse(HttpStatus.BAD_REQUEST_400, "the body is not UTF-8", response, callback);
            return;
        }
        String stream = JsonText.string(members.get("stream"));
        if (stream.isEmpty()) {
            refuse(HttpStatus.BAD_REQUEST_400, "the body names no stream", response, callback);
            return;
        }
        CableHub.Key key = new CableHub.Key(scope, stream);
        String data = members.getOrDefault("data", "");
        if (!cable.publish(key, data)) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 1);
            refuse(HttpStatus.SERVICE_UNAVAILABLE_503, "too many broadcasts are on their way", response, callback);
            return;
        }
        cable.relay(key, data);
        LOG.debug("Broadcast of {} to the stream {}", scope, stream);
        response.setStatus(HttpStatus.OK_200);
        response.write(true, null, callback);
    }

    private void refuse(int status, String why, Response response, Callback callback) {
        cable.counters().refusedBroadcasts.increment();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        Content.Sink.write(response, true, why + "\n", callback);
    }

    /** Whatever a browser of this machine shows may send it requests; applications name no origin. */
    private static boolean isFromAPage(Request request) {
        HttpFields fields = request.getHeaders();
        return fields.contains(HttpHeader.ORIGIN) || fields.contains("Sec-Fetch-Site");
    }

    /**
     * By the connection itself and the fields as they came, whatever a trusted proxy says of the client; the other end of a Unix
     * socket may be a proxy.
     */
    private static boolean isFromHere(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        SocketAddress peer = isClaimed(endPoint) ? null : endPoint.getRemoteSocketAddress();
        InetAddress address = peer instanceof InetSocketAddress internet ? internet.getAddress() : null;
        HttpFields asTheyCame = Request.unWrap(request).getHeaders();
        return address != null
                && address.isLoopbackAddress()
                && MARKS_OF_PROXIES.stream().noneMatch(asTheyCame::contains);
    }

    /** Whether its address is what whoever is at the other end says, below TLS or HTTP/2 too. */
    private static boolean isClaimed(EndPoint top) {
        EndPoint layer = top;
        while (layer instanceof EndPoint.Wrapper wrapper) {
            if (layer instanceof ProxyConnectionFactory.ProxyEndPoint) {
                return true;
            }
            layer = wrapper.unwrap();
        }
        return false;
    }
}
