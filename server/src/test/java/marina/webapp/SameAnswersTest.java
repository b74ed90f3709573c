package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One WAR in Marina's JVM and in a JVM of its own: clients and the application notice no difference. */
@SuppressWarnings("NullAway.Init")
class SameAnswersTest {
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;
    private static URI server;

    @BeforeAll
    static void start() throws Exception {
        ProbeWar.pack(EeLevel.EE8, base, "probe8.war");
        ProbeWar.pack(EeLevel.EE10, base, "probe10.war");
        marina = MarinaUnderTest.start(
                base,
                """
                trusted_proxies: [loopback]
                limits: { header_size: 32K }
                defaults:
                  page_after: 60s
                  ready: { timeout: 60s, path: /notes.txt }
                  env: { GREETING: "Hello <&> caf\u00e9" }
                  database: { url: "sqlite:data/one.db" }
                  limits: { max_body: 4K }
                contexts:
                  /hosted8: { war: probe8.war, ready: { path: /hosted8/notes.txt } }
                  /lonely8: { war: probe8.war, ready: { path: /lonely8/notes.txt }, isolation: process }
                  /hosted10: { war: probe10.war, ready: { path: /hosted10/notes.txt } }
                  /lonely10: { war: probe10.war, ready: { path: /lonely10/notes.txt }, isolation: process, socket: true }
                """);
        server = marina.uri("");
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    /** A target, more lines of the head, and what comes after it. */
    private record Call(String method, String target, String head, String body) {
        String over(String context) {
            String length = body.isEmpty() || head.contains("Transfer-Encoding")
                    ? ""
                    : "Content-Length: " + body.length() + "\r\n";
            String host = head.contains("Host:") ? "" : "Host: shop.example:8443\r\n";
            return method + " " + target.replace("$", context) + " HTTP/1.1\r\n" + host
                    + "X-Request-Id: fixed\r\nConnection: close\r\n" + length + lines() + "\r\n" + body;
        }

        private String lines() {
            return head.isEmpty() ? "" : head.replace("|", "\r\n") + "\r\n";
        }

        @Override
        public String toString() {
            return (method + " " + target + " " + head).substring(0, Math.min(100, (method + target + head).length()));
        }
    }

    private static Call get(String target, String... head) {
        return new Call("GET", target, String.join("|", head), "");
    }

    private static Call post(String target, String body, String... head) {
        return new Call("POST", target, String.join("|", head), body);
    }

    static Stream<Call> requests() {
        return Stream.of(
                get("$"),
                get("$/"),
                get("$/dump"),
                get("$/dump/a/b%20c;v=1/caf%C3%A9/100%25?x=1&y=caf%C3%A9&y=%26&z"),
                get(
                        "$/dump/x",
                        "X-Forwarded-For: 192.0.2.7",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: a.example"),
                get("$/dump/x", "X-Forwarded-For: 2001:db8::7", "X-Forwarded-Proto: https", "X-Forwarded-Port: 444"),
                get("$/dump/x", "Host: shop.example"),
                get("$/dump/x", "Host: [::1]:99"),
                get("$/dump/x", "Cookie: a=1; b=\"two\"; $Version=1; c=x=y; d", "Accept-Language: fr-CH, de;q=0.5"),
                get(
                        "$/dump/x",
                        "X-Many: 1",
                        "X-Many: 2",
                        "x-Latin: caf\u00e9",
                        "Accept: */*",
                        "Authorization: Bearer t"),
                get("$/dump/x", "Write-As: text/html;charset=utf-8"),
                get("$/dump/x", "X-Long: " + "y".repeat(20_000)),
                get("$/dump/x", "User-Agent: u", "Origin: http://o", "TE: trailers", "Via: 1.1 v", "Range: bytes=0-1"),
                new Call("HEAD", "$/dump/x", "", ""),
                new Call("OPTIONS", "$/dump/x", "", ""),
                new Call("TRACE", "$/dump/x", "", ""),
                new Call("DELETE", "$/dump/x", "", ""),
                new Call("PATCH", "$/dump/x", "Content-Type: application/json", "{}"),
                new Call("BREW", "$/dump/x", "", ""),
                post("$/dump/x?q=0", "a=caf%C3%A9&a=2&b=", FORM),
                post("$/dump/x", "a=caf%E9", FORM + ";charset=ISO-8859-1"),
                post("$/dump/x", "a=caf\u00e9", FORM, "Read-As: ISO-8859-1"),
                post("$/dump/x", "\u0000\u00ff raw", "Content-Type: application/octet-stream"),
                post("$/dump/x", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
                post("$/dump/x", "", "Content-Length: 0"),
                post("$/act/read", "z".repeat(5_000)),
                post("$/act/read", "z".repeat(4_096)),
                post("$/act/upload", upload(10), "Content-Type: multipart/form-data; boundary=b"),
                post("$/act/upload", upload(1_500), "Content-Type: multipart/form-data; boundary=b"),
                post("$/act/upload", upload(2_500), "Content-Type: multipart/form-data; boundary=b"),
                post("$/act/upload", "no parts", "Content-Type: text/plain"),
                get("$/act/error?status=404"),
                get("$/act/error?status=409"),
                get("$/act/error?status=418"),
                get("$/act/error?status=500", "Accept: application/json"),
                get("$/act/status?status=204"),
                get("$/act/status?status=304"),
                get("$/act/status?status=503"),
                get("$/act/throw"),
                get("$/act/unavailable"),
                get("$/act/own-page"),
                get("$/act/late-throw"),
                get("$/act/stream"),
                get("$/act/large"),
                new Call("HEAD", "$/act/large", "", ""),
                get("$/act/fixed"),
                new Call("HEAD", "$/act/fixed", "", ""),
                get("$/act/fields"),
                get("$/act/long-field"),
                get("$/act/cookies"),
                get("$/act/session"),
                get("$/act/session", "X-Forwarded-Proto: https"),
                get("$/act/session", "Cookie: JSESSIONID=AAAA"),
                get("$/act/async"),
                get("$/act/async-timeout"),
                get("$/act/forward?less=1"),
                get("$/act/include"),
                get("$/act/login"),
                get("$/act/redirect?to=next"),
                get("$/act/redirect?to=/next"),
                get("$/act/redirect?to=../next%3Fa=b"),
                get("$/act/redirect?to=http://elsewhere.example/x", "X-Forwarded-Proto: https"),
                get("$/act/nothing"),
                get("$/nothing/at/all"),
                get("$/sub"),
                get("$/sub?a=b", "X-Forwarded-Proto: https"),
                get("$/sub/"),
                get("$/empty/"),
                get("$/closed/secret.txt"),
                get("$/WEB-INF/web.xml"),
                get("$/notes.txt"),
                new Call("HEAD", "$/notes.txt", "", ""),
                new Call("POST", "$/notes.txt", "", ""),
                get("$/notes.txt", "Range: bytes=5-9"),
                get("$/notes.txt", "Range: bytes=900-"),
                get("$/notes.txt", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"),
                get("$/notes.txt", "Accept-Encoding: gzip"),
                get("$/page.jsp?a=1"),
                get("$/a%2Fb"),
                get("$//dump//x"),
                get("$/echo/x"));
    }

    private static String upload(int bytes) {
        return "--b\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nvalue\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.txt\"\r\n"
                + "Content-Type: text/plain\r\nX-Own: 1\r\n\r\n" + "u".repeat(bytes) + "\r\n--b--\r\n";
    }

    @ParameterizedTest
    @MethodSource("requests")
    void answersAreTheSame(Call call) {
        for (String level : List.of("8", "10")) {
            String hosted = answer(call, "/hosted" + level);
            String apart = answer(call, "/lonely" + level);
            assertThat(apart).as("level %s, %s", level, call).isEqualTo(hosted);
        }
    }

    /** Apart, the page is Marina's: the body ends before the WAR can answer. */
    @Test
    void aBodyThatTurnsOutTooLargeIsRefused() {
        Call call = post("$/act/read", "1388\r\n" + "z".repeat(5_000) + "\r\n0\r\n\r\n", "Transfer-Encoding: chunked");
        for (String context : List.of("/hosted8", "/lonely8", "/hosted10", "/lonely10")) {
            String answer = RawClient.exchange(server, call.over(context));
            assertThat(RawClient.status(answer)).as(context).isEqualTo(413);
        }
    }

    private static String answer(Call call, String context) {
        return plain(RawClient.exchange(server, call.over(context)), context);
    }

    /** Without what must differ, fields in order of their names, chunks put together. */
    private static String plain(String answer, String context) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return answer;
        }
        List<String> lines = Arrays.asList(answer.substring(0, end).split("\r\n", -1));
        String body = answer.substring(end + 4);
        if (lines.stream().anyMatch(line -> line.equalsIgnoreCase("Transfer-Encoding: chunked"))) {
            body = unchunked(body);
        }
        String head = lines.stream().skip(1).sorted().collect(Collectors.joining("\n"));
        return (lines.get(0) + "\n" + head + "\n\n" + body)
                .replace(context, "/same")
                .replaceAll("(?m)^Date: .*2\\d{3}.*", "Date: now")
                .replaceAll("JSESSIONID(_\\w+)?=\\w+", "JSESSIONID=id")
                .replaceAll("(?m)^ETag: .*", "ETag: tag")
                .replaceAll("(?s)^(HTTP/1.1 304 .*)\nContent-Length: 0\n", "$1\n");
    }

    private static String unchunked(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (at < chunks.length()) {
            int line = chunks.indexOf("\r\n", at);
            int length = line < 0 ? 0 : Integer.parseInt(chunks.substring(at, line), 16);
            if (length == 0) {
                return body + (chunks.endsWith("0\r\n\r\n") ? "" : " (cut)");
            }
            body.append(chunks, line + 2, Math.min(chunks.length(), line + 2 + length));
            at = line + 2 + length + 2;
        }
        return body + " (cut)";
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "10"})
    void sessionsGoOnInTheSameWay(String level) {
        for (String context : List.of("/hosted" + level, "/lonely" + level)) {
            String first = RawClient.get(server, context + "/act/session");
            String cookie = first.replaceAll("(?s).*\r\nSet-Cookie: ([^;]*);.*", "$1");
            assertThat(RawClient.get(server, context + "/act/session", "Cookie: " + cookie))
                    .as(context)
                    .contains("2 true true 2520 /x y")
                    .doesNotContain("Set-Cookie");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "10"})
    void webSocketsTalkInTheSameWay(String level) throws Exception {
        String hosted = echo("/hosted" + level);
        assertThat(hosted).contains("sam", "v1", "hello");
        assertThat(echo("/lonely" + level)).isEqualTo(hosted);
    }

    private static String echo(String context) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("v1")
                .header("X-Forwarded-Proto", "https")
                .buildAsync(
                        URI.create(server.toString().replace("http", "ws") + context + "/echo/sam?a=b"),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                                answer.complete(data.toString());
                                return CompletableFuture.completedStage(null);
                            }
                        })
                .get(10, TimeUnit.SECONDS);
        var unused = socket.sendText("hello", true);
        String text = answer.get(10, TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        return text.replace(context, "/same");
    }
}
