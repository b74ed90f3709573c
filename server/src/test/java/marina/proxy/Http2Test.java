package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http2Test {

    private final HTTP2Client http2 = new HTTP2Client();
    private final HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(http2));

    @BeforeEach
    void start() throws Exception {
        http.start();
    }

    @AfterEach
    void stop() throws Exception {
        http.stop();
    }

    @Test
    void passesABodyWithoutLengthAndTheAuthorityAsHost() throws Exception {
        try (JettyBackend backend = JettyBackend.with((request, response, callback) -> {
                    String body = org.eclipse.jetty.io.Content.Source.asString(request);
                    String host = request.getHeaders().get("Host");
                    org.eclipse.jetty.io.Content.Sink.write(response, true, host + " " + body, callback);
                    return true;
                });
                Front front = Front.to(backend.port())) {
            AsyncRequestContent body = new AsyncRequestContent();
            body.write(ByteBuffer.wrap("two ".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
            body.write(ByteBuffer.wrap("pieces".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
            body.close();

            ContentResponse answer =
                    http.newRequest(front.uri("/")).method("DELETE").body(body).send();

            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.getContentAsString()).isEqualTo("127.0.0.1:" + front.port() + " two pieces");
        }
    }

    @Test
    void asksWithoutABodyWhereThereIsNone() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head()).doesNotContain("Transfer-Encoding", "Content-Length");
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
                Front front = Front.to(backend.port())) {
            assertThat(http.GET(front.uri("/")).getContentAsString()).isEqualTo("ok");
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void tunnelsExtendedConnectToAnUpgradeOfHttp11() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head())
                            .startsWith("GET /cable?x HTTP/1.1")
                            .contains("Upgrade: websocket", "Sec-WebSocket-Key");
                    wire.send("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nglued");
                    wire.send("[" + wire.read(5) + "]");
                });
                Front front = Front.to(backend.port())) {
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            Stream stream = connect(front, events);

            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("200");
            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("glued");
            ByteBuffer hello = ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8));
            stream.data(new DataFrame(stream.getId(), hello, false), Callback.NOOP);
            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("[hello]");
            stream.data(new DataFrame(stream.getId(), ByteBuffer.allocate(0), true), Callback.NOOP);

            Front.soon("the tunnel ends", () -> front.forwarder().tunnels() == 0);
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void takesAnOrdinaryAnswerToExtendedConnectForAFailure() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Front front = Front.to(backend.port())) {
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            connect(front, events);

            assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("502");
        }
    }

    @Test
    void dropsASilentBackendWhenTheClientGivesUp() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch backendSawTheEnd = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    asked.countDown();
                    wire.rest();
                    backendSawTheEnd.countDown();
                });
                Front front = Front.to(backend.port())) {
            var request = http.newRequest(front.uri("/"));
            CompletableFuture<Boolean> failed = new CompletableFuture<>();
            request.send(result -> failed.complete(result.isFailed()));
            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();

            var unused = request.abort(new java.io.IOException("given up"));

            assertThat(backendSawTheEnd.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(failed).succeedsWithin(java.time.Duration.ofSeconds(5)).isEqualTo(true);
        }
    }

    private Stream connect(Front front, BlockingQueue<String> events) throws Exception {
        Session session = http2.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port()),
                        new Session.Listener() {})
                .get(5, TimeUnit.SECONDS);
        MetaData.ConnectRequest connect = new MetaData.ConnectRequest(
                "http", new HostPortHttpField("shop"), "/cable?x", HttpFields.build(), "websocket");
        return session.newStream(new HeadersFrame(connect, null, false), new Stream.Listener() {
                    @Override
                    public void onHeaders(Stream stream, HeadersFrame frame) {
                        events.add(String.valueOf(((MetaData.Response) frame.getMetaData()).getStatus()));
                        if (!frame.isEndStream()) {
                            stream.demand();
                        }
                    }

                    @Override
                    public void onDataAvailable(Stream stream) {
                        Stream.Data data = stream.readData();
                        if (data == null) {
                            stream.demand();
                            return;
                        }
                        boolean last = data.frame().isEndStream();
                        if (data.frame().remaining() > 0) {
                            events.add(StandardCharsets.UTF_8
                                    .decode(data.frame().getByteBuffer())
                                    .toString());
                        }
                        data.release();
                        if (!last) {
                            stream.demand();
                        }
                    }
                })
                .get(5, TimeUnit.SECONDS);
    }
}
