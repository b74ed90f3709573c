package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts learn of a request, and what they do not. */
class ScriptRequestTest {
    private static final String TEXT = "printf 'Content-Type: text/plain\\n\\n'; ";

    @TempDir
    private Path base;

    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        marina = new ScriptsUnderTest(base)
                .sh("env.sh", TEXT + "pwd; env | sort")
                .sh("cat.sh", TEXT + "echo \"length ${CONTENT_LENGTH-none}\"; cat")
                .sh("deaf.sh", TEXT + "echo deaf")
                .start(
                        """
                        limits: { max_body: 3M }
                        routes:
                          - { match: "^/only$", methods: [POST], cgi: { script: cgi/env.sh, env: { MINE: "${path:-none}" } } }
                          - { match: "^/only$", redirect: /elsewhere }
                          - { match: "^/sized$", cgi: cgi/cat.sh }
                        contexts:
                          /cgi-bin/env:
                            env: { OUTER: outer, BOTH: outer }
                            cgi: { script: cgi/env.sh, env: { BOTH: "inner ${path}", GATEWAY_INTERFACE: fake } }
                          /cat: { cgi: cgi/cat.sh, limits: { max_body: 50M } }
                          /deaf: { cgi: cgi/deaf.sh, limits: { max_body: 50M } }
                        """);
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    @Test
    void theVariablesAreThoseOfTheRequest() {
        String answer = get(
                "/cgi-bin/env/a%20b/%C3%BC;x=1/%253B?q=%20&r",
                "Host: shop.test:81",
                "Content-Type: a/b",
                "X-Two: 1",
                "X-Name: \u00c3\u00bc",
                "X-Old: \u00fc",
                "x-two: 2",
                "Cookie: a=1",
                "Cookie: b=2",
                "X-Request-Id: abc");

        assertThat(lines(answer))
                .contains(
                        base.resolve("cgi").toString(),
                        "GATEWAY_INTERFACE=CGI/1.1",
                        "SERVER_PROTOCOL=HTTP/1.1",
                        "SERVER_SOFTWARE=Marina",
                        "SERVER_NAME=shop.test",
                        "SERVER_PORT=81",
                        "REQUEST_METHOD=GET",
                        "REQUEST_SCHEME=http",
                        "SCRIPT_NAME=/cgi-bin/env",
                        "PATH_INFO=/a b/\u00c3\u00bc/%3B",
                        "QUERY_STRING=q=%20&r",
                        "REQUEST_URI=/cgi-bin/env/a%20b/%C3%BC;x=1/%253B?q=%20&r",
                        "REMOTE_ADDR=127.0.0.1",
                        "CONTENT_TYPE=a/b",
                        "HTTP_HOST=shop.test:81",
                        "HTTP_X_TWO=1, 2",
                        "HTTP_X_NAME=\u00c3\u00bc", // the bytes of UTF-8, as RawClient shows them
                        "HTTP_X_OLD=\u00c3\u00bc",
                        "HTTP_COOKIE=a=1; b=2",
                        "REQUEST_ID=abc",
                        "OUTER=outer",
                        "BOTH=inner /cgi-bin/env");
        assertThat(answer).doesNotContain("CONTENT_LENGTH", "REMOTE_USER", "AUTH_TYPE", "HTTPS=", "JAVA=", "CLASSES=");
    }

    @Test
    void nothingThatDeceivesComesIn() {
        String answer = get(
                "/cgi-bin/env/",
                "Proxy: http://evil",
                "PROXY: http://evil",
                "Authorization: Basic abc",
                "Proxy-Authorization: Basic abc",
                "Remote-User: evil",
                "X-Forwarded-User: evil",
                "X-Forwarded-For: 6.6.6.6",
                "X_Under_Score: evil",
                "Remote_User: evil",
                "X.Dot: evil",
                "X-Named: evil",
                "TE: trailers",
                "Connection: x-named, close",
                "Good: yes");

        assertThat(lines(answer)).contains("HTTP_GOOD=yes");
        assertThat(answer)
                .doesNotContain("evil", "6.6.6.6", "Basic", "HTTP_PROXY", "HTTP_TE", "HTTP_CONNECTION", "HTTP_AUTH");
    }

    @Test
    void nothingRunsDuringMaintenanceNorForCrawlersThatAreRejected() {
        String routes =
                """
                routes: [{ match: "^/only$", cgi: cgi/deaf.sh }]
                contexts: { /deaf: { cgi: cgi/deaf.sh } }
                """;
        assertThat(marina.reload("maintenance: { enabled: true }\n" + routes).succeeded())
                .isTrue();
        assertThat(RawClient.status(get("/only"))).isEqualTo(503);
        assertThat(RawClient.status(get("/deaf/"))).isEqualTo(503);

        assertThat(marina.reload("bots: reject\n" + routes).succeeded()).isTrue();
        assertThat(RawClient.status(get("/only", "User-Agent: Googlebot/2.1"))).isEqualTo(403);
        assertThat(RawClient.status(get("/deaf/", "User-Agent: Googlebot/2.1"))).isEqualTo(403);
        assertThat(get("/only", "User-Agent: Mozilla/5.0")).contains("deaf");
    }

    @Test
    void anEncodedSlashInThePathIsRefused() {
        assertThat(RawClient.status(get("/cgi-bin/env/a%2Fb"))).isEqualTo(400);
    }

    @Test
    void theBarePathOfAContextLeadsToItsSlash() {
        assertThat(get("/cgi-bin/env?a=b")).startsWith("HTTP/1.1 302").contains("Location: /cgi-bin/env/?a=b\r\n");
    }

    @Test
    void aRouteForOtherMethodsIsPassedOver() {
        String post = ScriptsUnderTest.post(uri(), "/only?a=b", "Content-Length: 0\r\n", "");

        assertThat(lines(post)).contains("SCRIPT_NAME=/only", "PATH_INFO=", "QUERY_STRING=a=b", "MINE=none");
        assertThat(get("/only")).startsWith("HTTP/1.1 302").contains("Location: /elsewhere");
    }

    @Test
    void aBodyComesWithItsLengthWhoeverKnowsIt() {
        String known = ScriptsUnderTest.post(uri(), "/cat/", "Content-Length: 5\r\n", "hello");
        String chunked = ScriptsUnderTest.post(
                uri(), "/cat/", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
        String nothing = ScriptsUnderTest.post(uri(), "/cat/", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n");

        assertThat(ScriptsUnderTest.body(known)).isEqualTo("length 5\nhello");
        assertThat(ScriptsUnderTest.body(chunked)).isEqualTo("length 6\nhello!");
        assertThat(ScriptsUnderTest.body(nothing)).isEqualTo("length none\n");
    }

    @Test
    void aBodyOfUnknownLengthOverHttp2IsComplete() throws Exception {
        byte[] large = "0123456789".repeat(200_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<String> first =
                client.send(HttpRequest.newBuilder(marina.uri("/cat/")).build(), BodyHandlers.ofString());
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(marina.uri("/cat/"))
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))
                        .build(),
                BodyHandlers.ofString());

        assertThat(first.body()).isEqualTo("length none\n");
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).startsWith("length 2000000\n0123").hasSize(2_000_015);
        await().atMost(Duration.ofSeconds(5)).until(() -> isEmpty(base.resolve("work/cgi")));
    }

    @Test
    void whoWaitsFor100ContinueGetsIt() {
        try (RawClient client = new RawClient(uri())) {
            client.send(expecting("Content-Length: 5"));
            assertThat(client.answer()).startsWith("HTTP/1.1 100");
            assertThat(ScriptsUnderTest.body(client.send("hello").rest())).isEqualTo("length 5\nhello");
        }
        try (RawClient client = new RawClient(uri())) {
            client.send(expecting("Transfer-Encoding: chunked"));
            assertThat(client.answer()).startsWith("HTTP/1.1 100");
            assertThat(ScriptsUnderTest.body(
                            client.send("5\r\nhello\r\n0\r\n\r\n").rest()))
                    .isEqualTo("length 5\nhello");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        String large = "x".repeat(4 << 20);
        String chunks = Integer.toHexString(4 << 20) + "\r\n" + large + "\r\n0\r\n\r\n";

        assertThat(RawClient.status(ScriptsUnderTest.post(uri(), "/sized", "Content-Length: 4194304\r\n", "")))
                .isEqualTo(413);
        assertThat(RawClient.status(ScriptsUnderTest.post(uri(), "/sized", "Transfer-Encoding: chunked\r\n", chunks)))
                .isIn(413, 0); // the connection closes, perhaps before the client has read
        assertThat(isEmpty(base.resolve("work/cgi"))).isTrue();
    }

    @Test
    void aScriptNeedNotReadItsBody() {
        String body = "x".repeat(20 << 20);

        String known = ScriptsUnderTest.post(uri(), "/deaf/", "Content-Length: " + body.length() + "\r\n", body);
        String chunked = ScriptsUnderTest.post(
                uri(),
                "/deaf/",
                "Transfer-Encoding: chunked\r\n",
                Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");

        assertThat(ScriptsUnderTest.body(known)).isEqualTo("deaf\n");
        assertThat(ScriptsUnderTest.body(chunked)).isEqualTo("deaf\n");
    }

    @Test
    void whoStopsSendingStillGetsTheAnswerOfADeafScript() {
        String answer = ScriptsUnderTest.post(uri(), "/deaf/", "Content-Length: 1000000\r\n", "only the beginning");

        assertThat(ScriptsUnderTest.body(answer)).isEqualTo("deaf\n");
    }

    private static String expecting(String length) {
        return String.join(
                "\r\n", "POST /cat/ HTTP/1.1", "Host: x", "Expect: 100-continue", length, "Connection: close", "", "");
    }

    private URI uri() {
        return marina.uri("");
    }

    private String get(String target, String... fields) {
        String more = String.join("\r\n", fields);
        String host = more.contains("Host:") ? "" : "Host: shop\r\n";
        String close = more.contains("Connection:") ? "" : "Connection: close\r\n";
        return RawClient.exchange(
                uri(),
                "GET " + target + " HTTP/1.1\r\n" + host + close + more + (more.isEmpty() ? "" : "\r\n") + "\r\n");
    }

    private static String[] lines(String answer) {
        return ScriptsUnderTest.body(answer).split("\n", -1);
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
