package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that answers before it has got the whole request: the client has its answer at once, and the exchange an end. */
class EarlyAnswerTest {
    /** Ten seconds and some patience. */
    private static final Duration CUT_OFF = Duration.ofSeconds(25);

    private static final String HEAD = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig",
                "HTTP/1.1 413 Too Large\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbig\r\n0\r\n\r\n",
                "HTTP/1.1 413 big\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 big\r\n\r\n",
            })
    void anExchangeEndsWhenItsRequestDoesNotGoOn(String words) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(words);
                    wire.rest();
                    end.countDown();
                });
                Front front = Front.to(ForwardTarget.to(Front.uri(backend.port())), ForwardTimeouts.DEFAULT, 60_000);
                Wire client = front.connect()) {
            client.send(HEAD + "begin");

            assertThat(client.head()).startsWith(words.substring(0, 12));
            Front.within(CUT_OFF, "the exchange ends", front::allExchangesEnded);
            assertThat(end.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aRequestThatGoesOnMayReachItsEnd() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\nX-First: yes\r\nContent-Length: 2\r\n\r\nok");
                    wire.bytes(1000);
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnext");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(HEAD + "x".repeat(500));
            assertThat(client.head()).contains("X-First");
            assertThat(client.read(2)).isEqualTo("ok");

            client.send("x".repeat(500));

            Front.soon("the exchange ends", front::allExchangesEnded);
            assertThat(backend.failures()).isEmpty();
        }
    }

    /** For so long nothing of it reaches the backend. */
    @Test
    void aRequestThatGoesOnAfterAPauseMayReachItsEndToo() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    wire.bytes(1000);
                    all.countDown();
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(HEAD + "x".repeat(500));
            assertThat(client.head()).startsWith("HTTP/1.1 200");
            Awaitility.await().pollDelay(Duration.ofSeconds(5)).until(() -> true);

            client.send("x".repeat(500));

            assertThat(all.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(backend.failures()).isEmpty();
        }
    }

    /** Jetty resets such a stream and tells nobody behind it. */
    @Test
    void aBodyLongerThanItSaidEndsTheExchangeOfHttp2() throws Exception {
        HTTP2Client http2 = new HTTP2Client();
        http2.start();
        CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
                });
                Front front = Front.to(backend.port())) {
            Session session = http2.connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port()),
                            new Session.Listener() {})
                    .get(5, TimeUnit.SECONDS);
            HttpURI uri = HttpURI.build().scheme("http").host("shop").port(80).pathQuery("/");
            MetaData.Request head = new MetaData.Request(
                    "POST", uri, HttpVersion.HTTP_2, HttpFields.build().add("content-length", "3"));
            Stream stream = session.newStream(new HeadersFrame(head, null, false), new Stream.Listener() {
                        @Override
                        public void onDataAvailable(Stream of) {
                            Stream.Data data = of.readData();
                            boolean end = data != null && data.frame().isEndStream();
                            if (data != null) {
                                data.release();
                            }
                            if (end) {
                                answered.countDown();
                                return;
                            }
                            of.demand();
                        }

                        @Override
                        public void onHeaders(Stream of, HeadersFrame frame) {
                            of.demand();
                        }
                    })
                    .get(5, TimeUnit.SECONDS);
            assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();

            stream.data(new DataFrame(stream.getId(), ByteBuffer.allocate(50), true), Callback.NOOP);

            Front.within(CUT_OFF, "the exchange ends", front::allExchangesEnded);
        } finally {
            http2.stop();
        }
    }
}
