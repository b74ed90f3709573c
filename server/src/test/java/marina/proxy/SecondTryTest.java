package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
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

    /** The rest of the body may be refused, but only after the whole answer, and not as an error (RFC 9113 section 8.1). */
    @Test
    void aBodyForWhichNobodyComesIsLetGo() throws Exception {
        HTTP2Client http2 = new HTTP2Client();
        http2.start();
        try (Front front = Front.to(JettyBackend.unusedPort())) { // looks for leaks when closed
            Session session = http2.connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port()),
                            new Session.Listener() {})
                    .get(5, TimeUnit.SECONDS);
            HttpURI uri = HttpURI.build().scheme("http").host("shop").port(80).pathQuery("/");
            MetaData.Request head = new MetaData.Request("POST", uri, HttpVersion.HTTP_2, HttpFields.EMPTY);
            Events events = new Events();
            Stream stream = session.newStream(new HeadersFrame(head, null, false), events)
                    .get(5, TimeUnit.SECONDS);
            stream.data(new DataFrame(stream.getId(), ByteBuffer.allocate(4), false), Callback.NOOP);

            assertThat(events.next()).isEqualTo("502");
            assertThat(events.next()).isEqualTo("end");
            assertThat(events.next()).isEqualTo("reset " + ErrorCode.NO_ERROR.code);
        } finally {
            http2.stop();
        }
    }

    /** What comes for a stream, in its order. */
    private static final class Events implements Stream.Listener {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Nullable
        String next() throws InterruptedException {
            return events.poll(5, TimeUnit.SECONDS);
        }

        @Override
        public void onHeaders(Stream stream, HeadersFrame frame) {
            if (frame.getMetaData() instanceof MetaData.Response response) {
                events.add(String.valueOf(response.getStatus()));
            }
            stream.demand();
        }

        @Override
        public void onDataAvailable(Stream stream) {
            Stream.Data data = stream.readData();
            boolean end = data != null && data.frame().isEndStream();
            if (data != null) {
                data.release();
            }
            if (end) {
                events.add("end");
            } else {
                stream.demand();
            }
        }

        @Override
        public void onReset(Stream stream, ResetFrame frame, Callback callback) {
            events.add("reset " + frame.getError());
            callback.succeeded();
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
