package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One table for plain and upgraded exchanges: what a client sends, and what the backend gets. */
@SuppressWarnings("NullAway.Init")
class HeaderPolicyTest {

    private static final List<String> SEND_AND_GET = List.of(
            "Accept: text/x, */* | Accept: text/x, */*",
            "Cookie: a=1; b=2 | Cookie: a=1; b=2",
            "Origin: http://example.com | Origin: http://example.com",
            "User-Agent: me | User-Agent: me",
            "Accept-Encoding: br | Accept-Encoding: br",
            "Authorization: Basic eDp5 | Authorization: Basic eDp5",
            "Via: 1.1 first | Via: 1.1 first",
            "X-Request-Id: abc-123 | X-Request-Id: abc-123",
            "X-Request-Id: <script> | !X-Request-Id: <script>",
            "Sec-WebSocket-Extensions: permessage-deflate | Sec-WebSocket-Extensions: permessage-deflate",
            "X-A: 1 | X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-For: 6.6.6.6 | X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-Proto: https | X-Forwarded-Proto: http",
            "X-Forwarded-Host: evil | X-Forwarded-Host: shop:81",
            "X-Forwarded-Port: 1 | !X-Forwarded-Port: 1",
            "X-Forwarded-Prefix: /evil | !X-Forwarded-Prefix:",
            "X_Forwarded_For: 6.6.6.6 | !6.6.6.6",
            "Forwarded: for=6.6.6.6 | Forwarded: for=127.0.0.1;host=\"shop:81\";proto=http",
            "Remote-User: root | !Remote-User",
            "X-Remote-User: root | !Remote-User",
            "Remote_User: root | !Remote_User",
            "Proxy: http://evil | !evil",
            "Proxy-Authorization: x | !Proxy-Authorization",
            "Proxy-Connection: keep-alive | !Proxy-Connection",
            "Keep-Alive: timeout=5 | !Keep-Alive",
            "X-Named: 1 | !X-Named",
            "Content_Length: 5 | !Content_Length",
            "Content_Type: x/y | !Content_Type",
            "Transfer_Encoding: chunked | !Transfer_Encoding",
            "my_own: 1 | my_own: 1",
            "X-A: 1 | Host: shop:81",
            "TE: trailers, deflate | TE: trailers\r");

    private static ScriptedBackend echo;
    private static Front front;

    @BeforeAll
    static void startServers() throws Exception {
        echo = headEcho();
        front = Front.to(echo.port());
    }

    @AfterAll
    static void stopServers() throws Exception {
        front.close();
        echo.close();
    }

    static Stream<Arguments> table() {
        return SEND_AND_GET.stream().map(row -> row.split(" \\| ", 2)).flatMap(row -> Stream.of(false, true)
                .map(upgrade -> Arguments.of(row[0], row[1], upgrade)));
    }

    @ParameterizedTest(name = "{0} -> {1} (upgrade: {2})")
    @MethodSource("table")
    void backendGets(String sent, String expected, boolean upgrade) throws Exception {
        try (Wire client = front.connect()) {
            String connection = "Connection: X-Named, close" + (upgrade ? ", Upgrade\r\nUpgrade: foo" : "");
            client.send("GET / HTTP/1.1\r\nHost: shop:81\r\n" + connection + "\r\n" + sent + "\r\n\r\n");

            String got = client.rest().toLowerCase(Locale.ENGLISH);
            String wanted = expected.toLowerCase(Locale.ENGLISH);
            if (wanted.startsWith("!")) {
                assertThat(got).contains("get / ").doesNotContain(wanted.substring(1));
            } else {
                assertThat(got).containsOnlyOnce("\n" + wanted.substring(0, wanted.indexOf(':') + 1));
                assertThat(got).contains("\n" + wanted);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void namesThePrefixThatWasStripped(boolean upgrade) throws Exception {
        try (ScriptedBackend backend = headEcho();
                Front ahead = Front.to(
                        new ForwardTarget(Front.uri(backend.port()), "/app", "", "/app"), ForwardTimeouts.DEFAULT);
                Wire client = ahead.connect()) {
            String connection = "Connection: close" + (upgrade ? ", Upgrade\r\nUpgrade: foo" : "");
            client.send("GET /app/x?/app HTTP/1.1\r\nHost: shop\r\n" + connection + "\r\n\r\n");

            assertThat(client.rest()).contains("GET /x?/app HTTP/1.1", "X-Forwarded-Prefix: /app\r\n");
        }
    }

    static Stream<Boolean> upgrades() {
        return Stream.of(false, true);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void clientGets(String sent, String expected) throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.answering(
                        "HTTP/1.1 200 OK\r\nConnection: X-Named\r\n" + sent + "\r\nContent-Length: 0\r\n\r\n");
                Front ahead = Front.to(backend.port());
                Wire client = ahead.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            String head = client.head();
            assertThat(head).startsWith("HTTP/1.1 200");
            if (expected.startsWith("!")) {
                assertThat(head).doesNotContain(expected.substring(1));
            } else {
                assertThat(Pattern.compile("(?m)^" + expected.substring(0, expected.indexOf(':') + 1))
                                .matcher(head)
                                .results())
                        .hasSize(1);
                assertThat(head).contains(expected);
            }
        }
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("Date: Mon, 01 Jan 2024 00:00:00 GMT", "Date: Mon, 01 Jan 2024 00:00:00 GMT"),
                Arguments.of("Server: backend", "Server: backend"),
                Arguments.of("Set-Cookie: a=1", "Set-Cookie: a=1"),
                Arguments.of("Location: http://x/y", "Location: http://x/y"),
                Arguments.of("Content-Encoding: gzip", "Content-Encoding: gzip"),
                Arguments.of("WWW-Authenticate: Basic", "WWW-Authenticate: Basic"),
                Arguments.of("X-Named: 1", "!X-Named"),
                Arguments.of("Keep-Alive: timeout=1", "!Keep-Alive"),
                Arguments.of("Upgrade: h2c", "!Upgrade"));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void sendsThePath(String strip, String prepend, String asked, String expected) {
        ForwardTarget target = new ForwardTarget(URI.create("http://h:1"), strip, prepend, strip);

        org.eclipse.jetty.http.HttpURI uri = org.eclipse.jetty.http.HttpURI.from(asked);
        assertThat(target.backendPath(uri, uri.getPath())).isEqualTo(expected);
    }

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("", "", "/a/b", "/a/b"),
                Arguments.of("", "", "*", "*"),
                Arguments.of("/a", "", "/a", "/"),
                Arguments.of("/a", "", "/a/", "/"),
                Arguments.of("/a", "", "/a/b%2Fc;x=1", "/b%2Fc;x=1"),
                Arguments.of("/a", "/z", "/a/b", "/z/b"),
                Arguments.of("/a", "", "/%61/b", "/b"),
                Arguments.of("/a", "", "/ab", "/ab"),
                Arguments.of("/a", "", "/x/../a/b", "/b"),
                Arguments.of("/a", "", "/a/../a/b", "/b"),
                Arguments.of("/a", "", "/a/.hidden/..x", "/.hidden/..x"));
    }

    private static ScriptedBackend headEcho() throws java.io.IOException {
        return ScriptedBackend.serving((wire, connection) -> {
            String head = wire.head();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
        });
    }
}
