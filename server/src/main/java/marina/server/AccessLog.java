package marina.server;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.config.LogConfig;
import marina.host.Host;
import marina.proxy.Abandoned;
import marina.proxy.RequestId;
import marina.valve.ReplayValve;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line a request to the logger {@code marina.access}; where that goes is conf/logback.xml's matter. */
final class AccessLog {
    private static final Logger LINES = LoggerFactory.getLogger("marina.access");

    private AccessLog() {}

    /**
     * The log for a setting of {@code log.access}.
     *
     * @param setting combined, common, json, navigator, off, or a format string of Jetty's CustomRequestLog
     * @param host whose contexts a line names
     * @param feed what else is told of each request; null for none
     */
    static RequestLog of(String setting, Supplier<Host> host, @Nullable VectorFeed feed) {
        RequestLog log =
                switch (setting) {
                    case LogConfig.NAVIGATOR -> (request, response) ->
                            LINES.info(VectorFeed.access(request, response, host.get()));
                    case "off" -> (request, response) -> {};
                    case "json" -> AccessLog::json;
                    case "common" -> text(CustomRequestLog.NCSA_FORMAT);
                    case "combined" -> text(CustomRequestLog.EXTENDED_NCSA_FORMAT);
                    default -> new CustomRequestLog(LINES::info, setting);
                };
        return new OfClients(
                log,
                feed == null
                        ? log
                        : (request, response) -> {
                            log.log(request, response);
                            feed.request(request, response, host.get());
                        });
    }

    /** What was decided of a request with a place is one field more, at the end. */
    private static RequestLog text(String format) {
        CustomRequestLog usual = new CustomRequestLog(LINES::info, format);
        CustomRequestLog placed =
                new CustomRequestLog(LINES::info, format + " fleet=%{" + ReplayValve.DECISION + "}attr");
        return (request, response) ->
                (request.getAttribute(ReplayValve.DECISION) == null ? usual : placed).log(request, response);
    }

    private static void json(Request request, Response response) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", Instant.ofEpochMilli(Request.getTimeStamp(request)).toString());
        line.put("client", Request.getRemoteAddr(request));
        line.put("method", request.getMethod());
        line.put("uri", request.getHttpURI().getPathQuery());
        line.put("path", request.getHttpURI().getCanonicalPath());
        line.put("protocol", request.getConnectionMetaData().getProtocol());
        line.put("host", request.getHeaders().get(HttpHeader.HOST));
        line.put("status", response.getStatus());
        line.put("bytes", Response.getContentBytesWritten(response));
        line.put("micros", TimeUnit.NANOSECONDS.toMicros(NanoTime.since(request.getBeginNanoTime())));
        line.put("referer", request.getHeaders().get(HttpHeader.REFERER));
        line.put("user_agent", request.getHeaders().get(HttpHeader.USER_AGENT));
        line.put("request_id", request.getHeaders().get(RequestId.FIELD));
        Object decision = request.getAttribute(ReplayValve.DECISION);
        if (decision != null) {
            line.put("fleet", decision);
        }
        LINES.info(new JSON().toJSON(line));
    }

    /** The response to a client that did not wait for it. */
    private static final class LeftAlone extends Response.Wrapper {
        LeftAlone(Request request, Response response) {
            super(request, response);
        }

        @Override
        public int getStatus() {
            return Abandoned.STATUS;
        }
    }

    /** Leaves out what comes through the control socket, and broadcasts of applications, whose paths are secret. A life cycle of the log behind it is Jetty's to run. */
    private static final class OfClients extends org.eclipse.jetty.util.component.ContainerLifeCycle
            implements RequestLog {
        private final RequestLog log;

        /** The log whose life cycle is kept, and the one to tell. */
        OfClients(RequestLog kept, RequestLog log) {
            this.log = log;
            installBean(kept);
        }

        @Override
        public void log(Request request, Response response) {
            String connector = request.getConnectionMetaData().getConnector().getName();
            if (!Connectors.CONTROL.equals(connector) && !CablePort.CONNECTOR.equals(connector)) {
                log.log(request, Abandoned.is(request) ? new LeftAlone(request, response) : response);
            }
        }
    }
}
