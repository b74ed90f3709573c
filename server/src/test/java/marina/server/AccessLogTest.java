package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import marina.testing.MarinaUnderTest;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** One line for each request, in the form that was asked for. */
class AccessLogTest {
    @TempDir
    private Path base;

    private final Logger logger = (Logger) LoggerFactory.getLogger("marina.access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void combinedHasTheFieldsThatLogAnalysersKnow() {
        assertThat(lineFor("combined"))
                .matches(
                        "127\\.0\\.0\\.1 - - \\[.+] \"GET /up\\?x=%22 HTTP/1\\.1\" 200 2 \"http://from/\" \"Agent/1\"");
    }

    @Test
    void commonEndsWithTheSize() {
        assertThat(lineFor("common")).endsWith("\"GET /up?x=%22 HTTP/1.1\" 200 2");
    }

    @Test
    void aFormatStringIsTheOperatorsOwn() {
        assertThat(lineFor("\"%m %s %{User-Agent}i\"")).isEqualTo("GET 200 Agent/1");
    }

    @Test
    void jsonIsOneObjectALine() {
        Map<?, ?> line = (Map<?, ?>) new JSON().fromJSON(lineFor("json"));

        assertThat(line.get("method")).isEqualTo("GET");
        assertThat(line.get("uri")).isEqualTo("/up?x=%22");
        assertThat(line.get("status")).isEqualTo(200L);
        assertThat(line.get("bytes")).isEqualTo(2L);
        assertThat(line.get("user_agent")).isEqualTo("Agent/1");
        assertThat((String) line.get("time")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat((Long) line.get("micros")).isPositive();
    }

    @Test
    void offWritesNothing() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "log: { access: off }\n")) {
            marina.get("/up");
        }
        assertThat(lines.list).isEmpty();
    }

    private String lineFor(String setting) {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "log: { access: " + setting + " }\n")) {
            marina.get("/up?x=%22", "User-Agent", "Agent/1", "Referer", "http://from/");
            await().until(() -> !lines.list.isEmpty());
        }
        return List.copyOf(lines.list).get(0).getFormattedMessage();
    }
}
