package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A refused connection costs the request nothing: whoever tries another backend finds it whole. */
class SecondTryTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"})
    void theBodyReachesTheOtherBackend(String rest) throws Exception {
        try (JettyBackend backend = echo();
                Front front = Front.to(JettyBackend.unusedPort());
                Wire client = front.connect()) {
            front.secondTry(ForwardTarget.to(Front.uri(backend.port())));
            client.send("POST / HTTP/1.1\r\nHost: shop\r\n" + rest);

            assertThat(client.head()).startsWith("HTTP/1.1 200");
            assertThat(client.read(5)).isEqualTo("hello");
            assertThat(front.failures()).singleElement().isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void theBodyOfHttp2ReachesTheOtherBackendThoughItsBeginningHasBeenRead() throws Exception {
        HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));
        http.start();
        try (JettyBackend backend = echo();
                Front front = Front.to(JettyBackend.unusedPort())) {
            front.secondTry(ForwardTarget.to(Front.uri(backend.port())));
            AsyncRequestContent body = new AsyncRequestContent();
            body.write(ByteBuffer.wrap("two ".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
            body.write(ByteBuffer.wrap("pieces".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
            body.close();

            ContentResponse answer = http.POST(front.uri("/"))
                    .body(body)
                    .timeout(5, TimeUnit.SECONDS)
                    .send();

            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.getContentAsString()).isEqualTo("two pieces");
        } finally {
            http.stop();
        }
    }

    @Test
    void aBodyForWhichNobodyComesIsLetGo() throws Exception {
        HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));
        http.start();
        try (Front front = Front.to(JettyBackend.unusedPort())) { // looks for leaks when closed
            AsyncRequestContent body = new AsyncRequestContent();
            body.write(ByteBuffer.wrap("lost".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
            body.close();

            ContentResponse answer = http.POST(front.uri("/"))
                    .body(body)
                    .timeout(5, TimeUnit.SECONDS)
                    .send();

            assertThat(answer.getStatus()).isEqualTo(502);
        } finally {
            http.stop();
        }
    }

    private static JettyBackend echo() throws Exception {
        return JettyBackend.with((request, response, callback) -> {
            String body = Content.Source.asString(request);
            Content.Sink.write(response, true, body, callback);
            return true;
        });
    }
}
