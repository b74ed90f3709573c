package marina.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import javax.management.JMException;
import javax.management.ObjectName;
import marina.testing.CableClient;
import marina.testing.LineServer;
import marina.testing.MarinaUnderTest;
import marina.testing.ShortSocket;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Log lines for Vector: what they say, and that nobody waits for it. */
class VectorTest {
    @TempDir
    private Path base;

    @RegisterExtension
    private final ShortSocket socket = new ShortSocket();

    private MarinaUnderTest start(String more) {
        String app = Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();
        return MarinaUnderTest.start(
                base,
                """
                log: { vector: { socket: "%s"%s } }
                cable: { path: /cable, require_token: false }
                routes: [{ match: "^/old$", redirect: /new }]
                contexts:
                  /shop/one: { command: [node, "%s"] }
                """
                        .formatted(socket.path(), more, app));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(String line) {
        return (Map<String, Object>) new JSON().fromJSON(line);
    }

    @Test
    void aRequestIsALineWithNavigatorsFields() {
        try (LineServer vector = LineServer.at(socket.path());
                MarinaUnderTest marina = start("")) {
            marina.get(
                    "/shop/one/hello?a=\"b\"".replace("\"", "%22"),
                    "Referer",
                    "http://a.test/",
                    "User-Agent",
                    "me \"x\"");
            Map<String, Object> line = fields(vector.next(text -> text.contains("/shop/one/hello")));
            assertThat(line)
                    .containsEntry("client_ip", "127.0.0.1")
                    .containsEntry("remote_user", "-")
                    .containsEntry("method", "GET")
                    .containsEntry("uri", "/shop/one/hello?a=%22b%22")
                    .containsEntry("protocol", "HTTP/1.1")
                    .containsEntry("status", 200L)
                    .containsEntry("referer", "http://a.test/")
                    .containsEntry("user_agent", "me \"x\"")
                    .containsEntry("fly_request_id", "")
                    .containsEntry("tenant", "shop/one")
                    .containsEntry("response_type", "proxy");
            assertThat((Long) line.get("body_bytes_sent")).isPositive();
            assertThat((String) line.get("request_id")).isNotEmpty();
            assertThat((String) line.get("request_time")).matches("\\d+\\.\\d{3}");
            assertThat(OffsetDateTime.parse((String) line.get("@timestamp")))
                    .isAfter(OffsetDateTime.now(ZoneOffset.UTC).minusMinutes(5));

            marina.get("/old");
            assertThat(fields(vector.next(text -> text.contains("\"/old\""))))
                    .containsEntry("response_type", "redirect")
                    .containsEntry("destination", "/new")
                    .doesNotContainKey("tenant");
            marina.post("/_broadcast", "{\"stream\":\"s\"}");
            assertThat(vector.next(text -> text.contains("_broadcast"))).contains("\"response_type\":\"broadcast\"");
            try (CableClient page = CableClient.open(marina.uri(""), "/cable")) {
                page.subscribe("s");
                assertThat(vector.next(text -> text.contains("\"/cable\"")))
                        .contains("\"response_type\":\"websocket\"")
                        .contains("\"status\":101");
            }
        }
    }

    @Test
    void whatAProgramPrintsIsALineToo() {
        try (LineServer vector = LineServer.at(socket.path());
                MarinaUnderTest marina = start("")) {
            marina.get("/shop/one/");
            Map<String, Object> line = fields(vector.next(text -> text.contains("starting as")));
            assertThat(line)
                    .containsEntry("source", "shop/one")
                    .containsEntry("stream", "stdout")
                    .containsEntry("tenant", "shop/one");
            assertThat((String) line.get("message")).startsWith("starting as ");
            assertThat(marina.read("logs/contexts/shop/one.log")).contains("starting as");
        }
    }

    @Test
    void linesWaitForAVectorThatComesLateOrAgain() {
        try (MarinaUnderTest marina = start("")) {
            marina.get("/first");
            try (LineServer vector = LineServer.at(socket.path())) {
                assertThat(vector.next(text -> text.contains("/first"))).contains("\"status\":404");
            }
            marina.get("/lost-or-not");
            marina.get("/second");
            try (LineServer vector = LineServer.at(socket.path())) {
                assertThat(vector.next(text -> text.contains("/second"))).contains("\"status\":404");
            }
        }
    }

    @Test
    void aVectorThatDoesNotReadHoldsUpNobody() throws Exception {
        try (LineServer stuck = LineServer.stuckAt(socket.path());
                MarinaUnderTest marina = start(", queue: 50")) {
            String long1 = "/" + "x".repeat(4000);
            long begin = System.nanoTime();
            for (int i = 0; i < 400; i++) {
                assertThat(marina.get(long1 + i).statusCode()).isEqualTo(404);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
            await().until(() -> (Long) attribute(marina, "Dropped") > 0);
            assertThat((Integer) attribute(marina, "Waiting")).isLessThanOrEqualTo(50);
            assertThat(stuck).isNotNull();
            begin = System.nanoTime();
            marina.server().stop();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void marinaStartsVectorInPlaceOfTheSocketThatAKilledOneLeft() throws Exception {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket.path()));
        }
        assertThat(socket.path()).exists();
        MarinaUnderTest.write(base, "conf/vector.toml", "[sources]\n");
        Path program = base.resolve("bin/vector");
        MarinaUnderTest.write(base, "bin/vector", "#!/bin/sh\necho \"vector $*\"\nexec sleep 1000\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String yaml = "log: { vector: { socket: \"" + socket.path() + "\", config: conf/vector.toml, program: \""
                + program + "\" } }\nservices: { other: { command: [sleep, \"1000\"] } }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(socket.path()).doesNotExist();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(marina.read("logs/services/vector.log"))
                            .contains("vector --config " + base.resolve("conf/vector.toml")));
            assertThat(marina.mbeans().isRegistered(new ObjectName("marina:type=Service,name=\"vector\"")))
                    .isTrue();
        }
    }

    @Test
    void eachStartOfVectorFindsItsPlaceFree() throws Exception {
        MarinaUnderTest.write(base, "conf/vector.toml", "[sources]\n");
        Path program = base.resolve("bin/vector");
        MarinaUnderTest.write(
                base,
                "bin/vector",
                """
                #!/usr/bin/env node
                require('net').createServer().listen('%s', () => {
                  require('fs').writeSync(1, 'it listens\\n');
                  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);
                });
                """
                        .formatted(socket.path()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String yaml = "log: { vector: { socket: \"" + socket.path() + "\", config: conf/vector.toml, program: \""
                + program + "\" } }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> marina.read("logs/services/vector.log").split("it listens", -1).length > 3);
        }
    }

    private static Object attribute(MarinaUnderTest marina, String name) {
        try {
            return Objects.requireNonNull(marina.mbeans().getAttribute(new ObjectName("marina:type=Vector"), name));
        } catch (JMException e) {
            throw new AssertionError(e);
        }
    }
}
