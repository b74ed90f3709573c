package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void passesRequestAndAnswer() throws Exception {
        try (JettyBackend backend = JettyBackend.echo();
                Front front = Front.to(backend.port())) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(front.uri("/a/b?c=d"))
                            .POST(HttpRequest.BodyPublishers.ofString("hello"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("POST /a/b?c=d hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?q={a}|b^\"`",
                "/?100%",
                "/?a=%zz&b=%",
                "/p%41th/%7Euser;v=1?x=%2F",
                "/a?b?c",
                "/?",
                "/?a[]=1&b\\c",
                "/%E2%82%AC?%E2%82%AC",
                "/a%20b+c",
                "/'(x)!*$&,=:@"
            })
    void sendsTheTargetByteForByte(String target) throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    String head = wire.head();
                    String line = head.substring(0, head.indexOf("\r\n"));
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + line.length() + "\r\n\r\n" + line);
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

            assertThat(client.rest()).endsWith("\r\n\r\nGET " + target + " HTTP/1.1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 200",
        "HEAD, 200",
        "OPTIONS, 204",
        "GET, 304",
        "DELETE, 404",
        "PROPFIND, 207",
        "GET, 500",
        "GET, 599",
    })
    void passesMethodsAndStatuses(String method, int status) throws Exception {
        boolean hasBody = status != 204 && status != 304;
        String head = "HTTP/1.1 " + status + " Fine\r\n" + (hasBody ? "Content-Length: 4\r\n" : "") + "\r\n";
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head()).startsWith(method + " / HTTP/1.1");
                    wire.send(head + (hasBody && !method.equals("HEAD") ? "body" : ""));
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(method + " / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

            String answer = client.rest();
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            assertThat(answer).endsWith(hasBody && !method.equals("HEAD") ? "\r\n\r\nbody" : "\r\n\r\n");
            if (hasBody) {
                assertThat(answer).contains("Content-Length: 4\r\n");
            }
        }
    }

    @Test
    void keepsClientConnectionAndBackendConnectionForTheNextRequest() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    while (!wire.head().isEmpty()) {
                        wire.send(OK);
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                assertThat(client.head()).startsWith("HTTP/1.1 200");
                assertThat(client.read(2)).isEqualTo("ok");
            }
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void probeTellsTheStatusWithoutWaitingForTheBody() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head()).startsWith("GET /up?x=1 HTTP/1.1");
                    wire.send("HTTP/1.1 418 Teapot\r\nContent-Length: 100000\r\n\r\nnot all of it");
                    wire.closedByPeer();
                });
                Front front = Front.to(backend.port())) {
            var probe = front.forwarder().probe(Front.uri(backend.port()), "/up?x=1", Duration.ofSeconds(5));

            assertThat(probe).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(418);
        }
    }

    @Test
    void probeFailsWhenNobodyListensOrNobodyAnswers() throws Exception {
        try (ScriptedBackend mute = ScriptedBackend.serving((wire, connection) -> wire.rest());
                Front front = Front.to(mute.port())) {
            int closed = JettyBackend.unusedPort();

            assertThatThrownBy(() -> front.forwarder()
                            .probe(Front.uri(closed), "/", Duration.ofSeconds(5))
                            .join())
                    .hasRootCauseInstanceOf(java.net.ConnectException.class);
            assertThatThrownBy(() -> front.forwarder()
                            .probe(Front.uri(mute.port()), "/", Duration.ofMillis(300))
                            .join())
                    .hasRootCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        }
    }
}
