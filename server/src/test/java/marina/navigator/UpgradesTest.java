package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for Navigator: what is an upgrade and what is not, and fields that no request may have. */
class UpgradesTest {
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    @TempDir
    private static Path base;

    private static HeadEcho echo;
    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws Exception {
        echo = new HeadEcho("echo");
        String chat =
                Path.of("src/test/resources/apps/chat.js").toAbsolutePath().toString();
        marina = new NavigatorBed(base)
                .navigator(
                        """
                        server: {listen: LISTEN}
                        routes: {reverse_proxies: [{prefix: /echo/, target: '%s', websocket: true}]}
                        applications: {tenants: [{path: /chat/, runtime: node, server: %s, args: [x]}]}
                        """
                                .formatted(echo.url(), chat))
                .start();
        assertThat(marina.get("/chat/x").statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        marina.close();
        echo.close();
    }

    private static String head(String fields) {
        try (RawClient client = new RawClient(marina.uri("/"))) {
            return client.send("GET /chat/ws HTTP/1.1\r\nHost: a.test\r\n" + fields + "\r\n")
                    .answer();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket\r\nConnection: Upgrade\r\n",
                "upgrade: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n",
                "UPGRADE: WEBSOCKET\r\nCONNECTION: upgrade , keep-alive\r\n",
                "Connection: keep-alive\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            })
    void anUpgradeIsOneHoweverItIsSpelt(String fields) {
        String head = head(fields + KEY);
        assertThat(head).startsWith("HTTP/1.1 101").contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void anUpgradeThatConnectionDoesNotNameIsNone() {
        assertThat(head("Connection: Upgrade\r\n")).startsWith("HTTP/1.1 200").contains("chat ");
        // There the request is passed on without the field; RFC 9110 section 7.8 wants Connection to name it.
        for (String connection : new String[] {"", "Connection: keep-alive\r\n"}) {
            assertThat(head("Upgrade: websocket\r\n" + connection + KEY)).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void thatToAnotherVersionOfHttpIsForTheServerAndNotForTheTenant() {
        String head = head(
                "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n");
        assertThat(head).startsWith("HTTP/1.1 101").contains("Upgrade: h2c").doesNotContain("WebSocket");
    }

    @Test
    void fieldsForOneConnectionEndThere() {
        String seen = RawClient.exchange(
                marina.uri("/"),
                """
                GET /echo/x HTTP/1.1
                Host: a.test
                Connection: close, X-For-You
                X-For-You: alone
                Keep-Alive: timeout=5
                Proxy-Connection: keep-alive
                Proxy-Authorization: Basic c2FtOnRlc3Q=
                TE: gzip
                Trailer: X-End
                X-For-All: yes

                """
                        .replace("\n", "\r\n"));
        assertThat(seen).startsWith("HTTP/1.1 200").contains("X-For-All: yes");
        assertThat(seen).doesNotContain("X-For-You", "alone", "Keep-Alive:", "Proxy-Connection", "c2FtOnRlc3Q", "gzip");
    }

    @Test
    void aClientCannotTakeOutWhatTheServerSaysOfIt() {
        // There Connection may name X-Forwarded-Host, and the tenant does not get it.
        String seen = RawClient.exchange(
                marina.uri("/"),
                "GET /echo/x HTTP/1.1\r\nHost: a.test\r\nConnection: close, X-Forwarded-Host, X-Forwarded-For\r\n\r\n");
        assertThat(seen).contains("X-Forwarded-Host: a.test", "X-Forwarded-For: 127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: a\0b",
                "X-Bad: a\rX-Evil: 1",
                "X-Bad\0: a",
                "X Bad: a",
                "X-Bad : a",
                ": a",
                "X-Bad: a\r\n folded: b"
            })
    void fieldsThatWouldBecomeOthersAreRefused(String field) {
        String answer = RawClient.exchange(
                marina.uri("/"), "GET /echo/x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n" + field + "\r\n\r\n");
        assertThat(RawClient.status(answer)).isEqualTo(400);
        assertThat(answer).doesNotContain("GET /echo/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/echo/../x",
                "/echo/%2e%2e/x",
                "/echo/..%2fx",
                "/echo/%2e%2e%2fx",
                "/echo/a%00b",
                "/echo/..;/x",
                "/echo/\\..\\x"
            })
    void noPathLeavesThePrefix(String target) {
        String answer = RawClient.exchange(marina.uri("/"), "GET", target);
        assertThat(RawClient.status(answer)).isBetween(200, 499);
        assertThat(answer).doesNotContain("GET /x ").doesNotContain("GET /../").doesNotContain("GET /echo/..");
    }
}
