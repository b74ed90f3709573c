package marina.access;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.config.AccessFileConfig;
import marina.config.AccessPattern;
import marina.config.LogConfig;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.CustomRequestLog;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request, in the form that was asked for, to the file of the access log and to the logger {@code marina.access}. A
 * WebSocket has its line when it ends. Thread-safe; no request waits for the disk.
 */
public final class AccessLog extends ContainerLifeCycle implements RequestLog {
    private static final Logger LINES = LoggerFactory.getLogger("marina.access");

    private final @Nullable LineForm form;
    private final @Nullable RequestLog foreign;
    private final Surroundings surroundings;
    private final LineFile lines;
    private final boolean tellsCommit;

    private AccessLog(
            @Nullable LineForm form,
            @Nullable RequestLog foreign,
            boolean tellsCommit,
            Surroundings own,
            LineFile lines) {
        this.form = form;
        this.foreign = foreign;
        this.tellsCommit = tellsCommit;
        this.surroundings = own;
        this.lines = lines;
        if (foreign != null) {
            installBean(foreign);
        }
    }

    /** Makes a line of a request in a form that is none of the log's own. */
    public interface OtherForm {
        /** The line, without its end. */
        String line(Request request, Response response);
    }

    /**
     * The log for a setting of {@code log.access} that is not {@code off}.
     *
     * @param navigators the form of that name
     */
    public static AccessLog of(LogConfig config, Surroundings surroundings, OtherForm navigators) {
        LineFile lines = new LineFile(new AndLogger(target(config)));
        return switch (config.access()) {
            case LogConfig.NAVIGATOR -> new AccessLog(
                    null,
                    (request, response) -> lines.offer(navigators.line(request, response)),
                    false,
                    surroundings,
                    lines);
            case "json" -> new AccessLog(new JsonForm(), null, false, surroundings, lines);
            case "common" -> patterned(AccessPattern.COMMON, true, surroundings, lines);
            case "combined" -> patterned(AccessPattern.COMBINED, true, surroundings, lines);
            default -> patterned(config.access(), false, surroundings, lines);
        };
    }

    private static AccessLog patterned(String written, boolean named, Surroundings surroundings, LineFile lines) {
        AccessPattern pattern = AccessPattern.parse(written);
        return pattern.isJettys()
                ? new AccessLog(null, new CustomRequestLog(lines::offer, pattern.text()), false, surroundings, lines)
                : new AccessLog(new PatternForm(pattern, named), null, pattern.has('F'), surroundings, lines);
    }

    private static LineTarget target(LogConfig config) {
        AccessFileConfig file = config.accessFile();
        if (file.name().equals(AccessFileConfig.STANDARD_OUTPUT)) {
            return new StandardOutput();
        }
        Path path = config.directory().resolve(file.name());
        return new RotatingFile(path, file, Clock.system(ZoneId.systemDefault()));
    }

    /** Whether {@link CommitTimes} has to stand around the handlers. */
    public boolean tellsCommit() {
        return tellsCommit;
    }

    /** How it goes. */
    public LineFile lines() {
        return lines;
    }

    @Override
    protected void doStart() throws Exception {
        lines.start();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        lines.close();
    }

    @Override
    public void log(Request request, Response response) {
        if (foreign != null) {
            foreign.log(request, response);
            return;
        }
        LineForm own = form;
        if (own == null) {
            return;
        }
        Connection socket = socket(request, response);
        if (socket == null) {
            lines.offer(own.line(new Exchange(request, response, surroundings, null)));
            return;
        }
        Marks marks = new Marks(request.getBeginNanoTime());
        String line = own.line(new Exchange(request, response, surroundings, marks));
        new AtEnd(line, marks).await(socket);
    }

    /** What the connection of a request has become; null when it is what it was. */
    private static @Nullable Connection socket(Request request, Response response) {
        int status = response.getStatus();
        boolean mayBe = status == HttpStatus.SWITCHING_PROTOCOLS_101 || "CONNECT".equals(request.getMethod());
        return mayBe && request.getAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE) instanceof Connection connection
                ? connection
                : null;
    }

    /** The line of a WebSocket, which is written once, when it has closed. */
    private final class AtEnd implements Connection.Listener {
        private final String line;
        private final Marks marks;
        private final AtomicBoolean written = new AtomicBoolean();

        AtEnd(String line, Marks marks) {
            this.line = line;
            this.marks = marks;
        }

        void await(Connection connection) {
            connection.addEventListener(this);
            if (!connection.getEndPoint().isOpen()) {
                onClosed(connection); // it has closed before anybody listened
            }
        }

        @Override
        public void onClosed(Connection connection) {
            if (written.compareAndSet(false, true)) {
                lines.offer(marks.fill(line, connection));
            }
        }
    }

    /** The file, and an appender that an operator may have given the logger in conf/logback.xml. */
    private record AndLogger(LineTarget file) implements LineTarget {
        @Override
        public String name() {
            return file.name();
        }

        @Override
        public void add(String line) throws java.io.IOException {
            if (LINES.isInfoEnabled()) {
                LINES.info(line);
            }
            file.add(line);
        }

        @Override
        public void flush() throws java.io.IOException {
            file.flush();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
