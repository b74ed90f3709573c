package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A file for Navigator: the lines of its access log, one object of JSON each. */
class AccessLinesTest {
    @TempDir
    private Path base;

    private final Logger logger = (Logger) LoggerFactory.getLogger("marina.access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @SuppressWarnings("NullAway.Init")
    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        lines.start();
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        logger.addAppender(lines);
        marina = new NavigatorBed(base)
                .passwords()
                .file("public/docs/index.html", "docs")
                .program("bin/who.sh", "printf 'Content-Type: text/plain\\n\\nI'\n")
                .navigator(
                        """
                        server:
                          listen: LISTEN
                          trust_proxy: true
                          root_path: /showcase
                          static: {public_dir: public, try_files: [index.html], normalize_trailing_slashes: true}
                          bot_detection: {enabled: true, action: reject}
                          cgi_scripts: [{path: /who, script: bin/who.sh}]
                        auth: {enabled: true, htpasswd: config/htpasswd, public_paths: [/], auth_patterns: [{pattern: '^/secret', action: Secret}]}
                        routes:
                          redirects: [{from: '^/old$', to: /new}]
                        applications:
                        """
                                + NavigatorBed.NODE
                                + "  tenants: [{path: /showcase/2025/raleigh/, framework: node}]\n")
                .start();
    }

    @AfterEach
    void stop() {
        marina.close();
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(ILoggingEvent line) {
        return (Map<String, Object>) new JSON().fromJSON(line.getFormattedMessage());
    }

    /** The line of a request with this target. */
    private Map<String, Object> line(String uri) {
        return Objects.requireNonNull(await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            List<ILoggingEvent> all = List.copyOf(lines.list);
                            return all.stream()
                                    .map(AccessLinesTest::fields)
                                    .filter(one -> uri.equals(one.get("uri")))
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElse(null));
    }

    @Test
    void tellWhoAskedForWhatAndWhoAnswered() {
        marina.get(
                "/showcase/2025/raleigh/x?a=%20b",
                "X-Forwarded-For",
                "203.0.113.1",
                "Referer",
                "http://from/",
                "User-Agent",
                "Firefox/1",
                "X-Request-Id",
                "id-1");
        Map<String, Object> line = line("/showcase/2025/raleigh/x?a=%20b");
        assertThat(line)
                .containsEntry("client_ip", "203.0.113.1")
                .containsEntry("remote_user", "-")
                .containsEntry("method", "GET")
                .containsEntry("status", 200L)
                .containsEntry("referer", "http://from/")
                .containsEntry("user_agent", "Firefox/1")
                .containsEntry("request_id", "id-1")
                .containsEntry("response_type", "proxy")
                // There the tenant's name lacks what begins with "/showcase/", a name in its source.
                .containsEntry("tenant", "showcase/2025/raleigh");
        assertThat(line.get("request_time")).asString().matches("\\d+\\.\\d{3}");
        assertThat(line).containsKeys("@timestamp", "protocol", "body_bytes_sent", "fly_request_id");
    }

    @Test
    void tellHowARequestEnded() {
        marina.get("/none");
        assertThat(line("/none")).containsEntry("status", 404L);
        marina.get("/showcase/docs");
        assertThat(line("/showcase/docs"))
                .containsEntry("response_type", "redirect")
                .containsEntry("destination", "/showcase/docs/");
        marina.get("/docs/index.html");
        assertThat(line("/docs/index.html")).containsEntry("response_type", "static");
        marina.get("/who");
        assertThat(line("/who")).containsEntry("response_type", "cgi");
        marina.get("/secret");
        assertThat(line("/secret")).containsEntry("response_type", "auth-failure");
        // There the line of such a redirect does not say what it is.
        marina.get("/old");
        assertThat(line("/old")).containsEntry("response_type", "redirect").containsEntry("destination", "/new");
    }

    @Test
    void tellOfCrawlersAndSocketsWhatTheClientGot() {
        marina.get("/showcase/2025/raleigh/bot", "User-Agent", "GPTBot/1.0");
        // There it is logged with 200.
        assertThat(line("/showcase/2025/raleigh/bot"))
                .containsEntry("status", 403L)
                .containsEntry("response_type", "bot-blocked");
        try (RawClient socket = new RawClient(marina.uri("/"))) {
            String head = String.join(
                    "\r\n",
                    "GET /showcase/2025/raleigh/socket HTTP/1.1",
                    "Host: a.test",
                    "User-Agent: Firefox",
                    "Upgrade: echo",
                    "Connection: Upgrade",
                    "",
                    "");
            assertThat(socket.send(head).answer()).startsWith("HTTP/1.1 101");
        }
        assertThat(line("/showcase/2025/raleigh/socket"))
                .containsEntry("status", 101L)
                .containsEntry("response_type", "websocket");
    }

    @Test
    void tellOfClientsThatDidNotWait() {
        marina.get("/showcase/2025/raleigh/x");
        try (RawClient impatient = new RawClient(marina.uri("/"))) {
            impatient.send(
                    "GET /showcase/2025/raleigh/slow?ms=20000 HTTP/1.1\r\nHost: a.test\r\nUser-Agent: Firefox\r\n\r\n");
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            marina.status("/showcase/2025/raleigh").backend().leases() > 0);
        }
        assertThat(line("/showcase/2025/raleigh/slow?ms=20000"))
                .containsEntry("status", 499L)
                .containsEntry("response_type", "client_closed");
    }
}
