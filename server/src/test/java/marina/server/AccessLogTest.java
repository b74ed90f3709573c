package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import marina.testing.MarinaUnderTest;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;
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

    @Test
    void tomcatsCodesMeanWhatTheyMeanThere() {
        assertThat(lineFor("'%h %l %u %m %U %q %H %s %B %p %v %I %{x}c %{none}i %{Content-Type}o %%'"))
                .matches("127\\.0\\.0\\.1 - - GET /up \\?x=%22 HTTP/1.1 200 2 \\d+ 127\\.0\\.0\\.1 \\S+ - - \\S+ %");
        lines.list.clear();
        assertThat(lineFor("'%D %T %{ms}T %F %b %X %{sec}t %{yyyy}t'"))
                .matches("\\d+ 0 \\d+ \\d+ 2 \\+ \\d{10} \\d{4}");
    }

    @Test
    void jettysCodesMeanWhatTheyMeanThere() {
        assertThat(lineFor("'%{client}a %O'")).matches("127\\.0\\.0\\.1 \\d+");
        lines.list.clear();
        assertThat(lineFor("'jetty:%s %I'")).matches("200 \\d+");
    }

    @Test
    void nothingThatAClientSendsBreaksALine() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "log: { access: '%s \"%{User-Agent}i\"' }\n")) {
            marina.get("/up", "User-Agent", "a\"b\\c");
            await().until(() -> !lines.list.isEmpty());
        }
        assertThat(lines.list.get(0).getFormattedMessage()).isEqualTo("200 \"a\\\"b\\\\c\"");
    }

    @Test
    void saysWhatReallyHappened() throws Exception {
        MarinaUnderTest.write(base, "public/a.txt", "hello");
        String yaml = "log: { access: json }\npublic: { directory: public }\ncontexts:\n"
                + "  /app: { command: [node, \""
                + Path.of("src/test/resources/apps/app.js").toAbsolutePath()
                + "\"], env: { START_DELAY: \"300\" } }\n  /docs: { files: public }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.post("/app/upload", "12345").body()).isEqualTo("5");
            marina.get("/app/slow?ms=200");
            marina.get("/a.txt");
            marina.get("/docs/a.txt");
            marina.get("/nowhere");
            await().until(() -> lines.list.size() == 5);
        }
        List<Map<?, ?>> said = lines.list.stream()
                .map(line -> (Map<?, ?>) new JSON().fromJSON(line.getFormattedMessage()))
                .collect(Collectors.toList());
        Map<?, ?> upload = said.get(0);
        assertThat(upload.get("context")).isEqualTo("/app");
        assertThat(upload.get("kind")).isEqualTo("command");
        assertThat(upload.get("answer")).isEqualTo("proxy");
        assertThat(upload.get("bytes_in")).isEqualTo(5L);
        assertThat((Long) upload.get("wait_ms")).isGreaterThanOrEqualTo(200);
        assertThat((Long) upload.get("upstream_ms")).isLessThan((Long) upload.get("wait_ms"));
        assertThat(said.get(1).get("wait_ms")).isNull();
        assertThat((Long) said.get(1).get("upstream_ms")).isBetween(190L, 5000L);
        assertThat(said.get(2).get("answer")).isEqualTo("static");
        assertThat(said.get(3).get("kind")).isEqualTo("files");
        assertThat(said.get(4).get("context")).isNull();
        assertThat(said.get(4).get("status")).isEqualTo(404L);
        assertThat(base.resolve("logs/access.log")).content().hasLineCount(5);
    }

    @Test
    void saysWhoAnsweredAtTheDoorOfAContext() {
        MarinaUnderTest.write(base, "shop/a.txt", "hello");
        String yaml =
                """
                log: { access: '%s %{answer}M %{context}M' }
                contexts:
                  /shut: { upstream: "http://127.0.0.1:1", public: { directory: shop }, maintenance: { enabled: true } }
                  /shy: { upstream: "http://127.0.0.1:1", bots: reject }
                """;
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            marina.get("/shut/a.txt");
            marina.get("/shut/b");
            marina.get("/shy/", "User-Agent", "Googlebot/2.1");
            marina.get("/shy/");
            await().until(() -> lines.list.size() == 4);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("200 static /shut", "503 maintenance /shut", "403 bot-blocked /shy", "502 proxy /shy");
    }

    @Test
    void aWebSocketOfTheServersHasItsLineWhenItEnds() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "cable: { path: /cable }\nlog: { access: '%s %{answer}M %{out}M %{in}M %D %U' }\n")) {
            CompletableFuture<CharSequence> welcome = new CompletableFuture<>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("actioncable-v1-json")
                    .buildAsync(
                            URI.create(marina.uri("/cable").toString().replace("http", "ws")),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onText(
                                        WebSocket from, CharSequence text, boolean last) {
                                    welcome.complete(text);
                                    return null;
                                }
                            })
                    .join();
            welcome.join();
            marina.get("/up");
            await().until(() -> !lines.list.isEmpty());
            assertThat(lines.list.get(0).getFormattedMessage()).endsWith(" /up");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            await().until(() -> lines.list.size() == 2);
            assertThat(lines.list.get(1).getFormattedMessage())
                    .matches("101 websocket [1-9]\\d* [1-9]\\d* [1-9]\\d+ /cable");
        }
    }

    @Test
    void anUpgradedConnectionOfAnApplicationHasItsLineWhenItEnds() throws Exception {
        String yaml = "log: { access: json }\ncontexts: { /app: { command: [node, \""
                + Path.of("src/test/resources/apps/app.js").toAbsolutePath() + "\"] } }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            try (Socket client =
                    new Socket(InetAddress.getLoopbackAddress(), marina.uri("").getPort())) {
                String head = "GET /app/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
                client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                StringBuilder answer = new StringBuilder();
                while (answer.indexOf("\r\n\r\n") < 0) {
                    answer.append((char) client.getInputStream().read());
                }
                assertThat(answer.toString()).startsWith("HTTP/1.1 101 ");
                client.getOutputStream().write("12345".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                        .isEqualTo("12345");
                assertThat(lines.list).isEmpty();
            }
            await().until(() -> lines.list.size() == 1);
        }
        Map<?, ?> line = (Map<?, ?>) new JSON().fromJSON(lines.list.get(0).getFormattedMessage());
        assertThat(line.get("status")).isEqualTo(101L);
        assertThat(line.get("bytes")).isEqualTo(5L);
        assertThat(line.get("bytes_in")).isEqualTo(5L);
        assertThat((Long) line.get("micros")).isPositive();
    }

    @Test
    void mistakesInAPatternAreToldBeforeTheStart() {
        MarinaUnderTest.write(base, "conf/server.yml", "log: { access: '%s %Z' }\n");
        assertThatThrownBy(() -> MarinaUnderTest.startAsWritten(base))
                .hasMessageContaining("conf/server.yml:1:16: log.access: ")
                .hasMessageContaining("%Z");
    }

    private String lineFor(String setting) {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "log: { access: " + setting + " }\n")) {
            marina.get("/up?x=%22", "User-Agent", "Agent/1", "Referer", "http://from/");
            await().until(() -> !lines.list.isEmpty());
        }
        return List.copyOf(lines.list).get(0).getFormattedMessage();
    }
}
