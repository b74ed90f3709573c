package marina.simulator.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The side of the client: gets one answer, from a machine or from the edge itself. Thread-safe in that it ends once. */
final class Answer {

    private static final Set<HttpHeader> OF_ONE_HOP = EnumSet.of(
            HttpHeader.CONNECTION,
            HttpHeader.KEEP_ALIVE,
            HttpHeader.PROXY_CONNECTION,
            HttpHeader.TRAILER,
            HttpHeader.TRANSFER_ENCODING,
            HttpHeader.UPGRADE);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final String id;
    private final AtomicBoolean ended = new AtomicBoolean();

    Answer(Request request, Response response, Callback callback, String id) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.id = id;
    }

    /** Passes a machine's answer on, piece by piece as it comes. */
    void relay(AnswerHead head, InputStream body) throws IOException {
        head(head);
        byte[] buffer = new byte[16 * 1024];
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
                out.write(buffer, 0, count);
            }
        }
        if (ended.compareAndSet(false, true)) {
            callback.succeeded();
        }
    }

    /** An early end must not look like a proper one: closing the stream would make it so. */
    private int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            failed(e);
            throw new ClientGoneException(e);
        }
    }

    /** Makes the connection a tunnel. */
    void tunnel(AnswerHead head, MachineLink link, Runnable closed) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        head(head);
        String protocol = head.fields().get(HttpHeader.UPGRADE);
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        response.getHeaders().put(HttpHeader.UPGRADE, protocol == null ? "websocket" : protocol);
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        Tunnel tunnel = new Tunnel(client, request.getComponents().getExecutor(), link, closed);
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel);
        response.write(true, null, Callback.from(callback::succeeded, failure -> {
            tunnel.end();
            callback.failed(failure);
        }));
    }

    /** An error of the edge. */
    void fault(FaultException fault) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (response.isCommitted()) {
            callback.failed(fault);
            return;
        }
        response.reset();
        response.setStatus(fault.fault().status());
        response.getHeaders().put("Sim-Fault", fault.fault().name());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.getHeaders().put("fly-request-id", id);
        String text = fault.fault().name() + ": " + fault.getMessage() + "\n";
        Content.Sink.write(response, true, text, callback);
    }

    /** Breaks the connection off. */
    void failed(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            callback.failed(cause);
        }
    }

    private void head(AnswerHead head) {
        response.setStatus(head.status());
        for (HttpField field : head.fields()) {
            HttpHeader known = field.getHeader();
            if (!(known != null && OF_ONE_HOP.contains(known)) && !isForEdge(field)) {
                response.getHeaders().add(field);
            }
        }
        response.getHeaders().put(HttpHeader.SERVER, "Fly/simulated");
        response.getHeaders().add("Via", "1.1 fly.io");
        response.getHeaders().put("fly-request-id", id);
    }

    private static boolean isForEdge(HttpField field) {
        String name = field.getLowerCaseName();
        return name.equals(ReplayReader.HEADER) || name.startsWith("fly-replay-cache");
    }

    /** As UTF-8 text, to a limit. */
    static String text(InputStream body, int limit) throws IOException {
        byte[] bytes = body.readNBytes(limit);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
