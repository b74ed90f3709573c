package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: its reverse proxies ask for the same paths, with the same fields. */
class ReverseProxyTest {
    @TempDir
    private static Path base;

    private static HeadEcho echo;
    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws Exception {
        echo = new HeadEcho("echo");
        marina = new NavigatorBed(base)
                .navigator(
                        """
                        server: {listen: LISTEN, trust_proxy: true}
                        routes:
                          reverse_proxies:
                            - {path: '^/api/v1/users$', target: 'URL/first'}
                            - {path: '^/api/v2/users/(\\d+)$', target: 'URL/internal/api/v2/user/$1'}
                            - {prefix: /api/v3, target: 'URL', strip_path: true}
                            - {prefix: /prefix/, target: 'URL/'}
                            - {path: '^/api/v[0-9]+/', target: 'URL/below/', websocket: true}
                            - {path: '^/old-api/(.*)$', target: 'URL/v1', strip_path: true}
                            - {path: '^/showcase/regions/[a-z]+(/cable)$', target: 'URL', strip_path: true, websocket: true}
                            - {path: '^/dead/', target: 'http://127.0.0.1:1', websocket: true}
                            - path: '^/shared/dead'
                              target: 'http://127.0.0.1:1'
                              response_headers: {Access-Control-Allow-Origin: '*', Access-Control-Allow-Methods: GET}
                            - path: '^/fields'
                              target: URL
                              headers: {X-Client: $remote_addr, X-How: 'proto=$scheme,host=$host', X-Fixed: yes it is,
                                        X-Forwarded-Host: $host, Host: api.example.com}
                              response_headers: {X-Answer: here}
                            - {path: '^/capture/(.*)$', target: 'URL/x/$1'}
                        """
                                .replace("URL", echo.url()))
                .start();
    }

    @AfterAll
    static void stop() {
        marina.close();
        echo.close();
    }

    private static String asked(String path) {
        String body = marina.get(path).body();
        assertThat(body).as(path).contains("GET ");
        return body.substring(body.indexOf("GET ") + 4, body.indexOf(" HTTP"));
    }

    @Test
    void theFirstOneThatMatchesAnswers() {
        assertThat(asked("/api/v1/users")).isEqualTo("/first/api/v1/users");
        assertThat(asked("/api/v1/users/x?a=b")).isEqualTo("/below/api/v1/users/x?a=b");
        assertThat(marina.get("/api/users").statusCode()).isEqualTo(404);
    }

    @Test
    void capturesPrefixesAndStrippedPaths() {
        assertThat(asked("/api/v2/users/123")).isEqualTo("/internal/api/v2/user/123");
        assertThat(asked("/api/v3/users?x=1")).isEqualTo("/users?x=1");
        assertThat(asked("/api/v3")).isEqualTo("/");
        assertThat(asked("/prefix/a")).isEqualTo("/prefix/a");
        assertThat(asked("/old-api/users")).isEqualTo("/v1/users");
        assertThat(asked("/old-api/")).isEqualTo("/v1/");
        assertThat(asked("/showcase/regions/iad/cable")).isEqualTo("/cable");
    }

    @Test
    void whatIsCapturedCannotBeAQuery() {
        // There "%3F" in the path separates a query at the upstream.
        assertThat(asked("/capture/a%3Fb=c")).isEqualTo("/x/a%3Fb=c");
        assertThat(RawClient.status(marina.uri("/"), "GET", "/capture/%2e%2e/y"))
                .isIn(400, 404);
    }

    @Test
    void fieldsAreFilledIn() {
        HttpResponse<String> answer =
                marina.get("/fields", "X-Forwarded-For", "203.0.113.45", "X-Forwarded-Proto", "https");
        assertThat(answer.body())
                .contains("X-Client: 203.0.113.45")
                .contains("X-How: proto=https,host=")
                .contains("X-Fixed: yes it is")
                .contains("Host: api.example.com")
                .contains("X-Forwarded-Host: 127.0.0.1");
        assertThat(answer.headers().firstValue("x-answer")).contains("here");
    }

    @Test
    void aBrowserThatAsksWhatItMayIsAnsweredHere() {
        String answer = RawClient.exchange(
                marina.uri("/"),
                "OPTIONS",
                "/shared/dead",
                "Origin: http://a.test",
                "Access-Control-Request-Method: GET");
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Access-Control-Allow-Origin: *")
                .contains("Access-Control-Allow-Methods: GET");
        assertThat(marina.get("/shared/dead").statusCode()).isEqualTo(502);
        // Without response_headers it is the upstream's to answer.
        assertThat(RawClient.exchange(marina.uri("/"), "OPTIONS", "/prefix/a")).contains("OPTIONS /prefix/a");
    }

    @Test
    void anUpstreamThatIsDownIs502() {
        assertThat(marina.get("/dead/x").statusCode()).isEqualTo(502);
        CompletionException refused = org.assertj.core.api.Assertions.catchThrowableOfType(
                CompletionException.class, () -> HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .buildAsync(
                                java.net.URI.create(
                                        marina.uri("/dead/x").toString().replace("http:", "ws:")),
                                new WebSocket.Listener() {})
                        .join());
        assertThat(refused).hasStackTraceContaining("WebSocketHandshakeException");
    }

    @Test
    void bodiesAndFieldsGoThroughBothWays() {
        String answer = RawClient.exchange(
                marina.uri("/"),
                "POST /prefix/a HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nX-Own: mine\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(answer).startsWith("HTTP/1.1 200").contains("POST /prefix/a").contains("X-Own: mine");
    }

    @Test
    void upgradesPassWhateverTheConnectionFieldLooksLike() {
        String head = RawClient.exchange(
                marina.uri("/"),
                "GET",
                "/showcase/regions/iad/cable",
                "Upgrade: websocket",
                "Connection: keep-alive, Upgrade",
                "Sec-WebSocket-Protocol: actioncable-v1-json, actioncable-unsupported",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(head).contains("actioncable-v1-json, actioncable-unsupported");
    }
}
