package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that server and backend could read in two ways reaches no backend. */
@SuppressWarnings("NullAway.Init")
class SmugglingTest {

    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: shop\r\n\r\n";
    private static final HTTP2Client HTTP2 = new HTTP2Client();
    private static ScriptedBackend backend;
    private static Front front;

    @BeforeAll
    static void startServers() throws Exception {
        HTTP2.start();
        backend = ScriptedBackend.serving((wire, connection) -> {
            String all = wire.head();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + all.length() + "\r\nConnection: close\r\n\r\n" + all);
        });
        front = Front.to(backend.port());
    }

    @AfterAll
    static void stopServers() throws Exception {
        HTTP2.stop();
        front.close();
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 50\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding:\r\n chunked",
                "X: a\rb",
                "X: a\u0000b",
                "Host: other",
                "Transfer-Encoding: gzip, chunked",
            })
    void refusesHeadsOfTwoMeanings(String fields) throws Exception {
        Front.soon("earlier exchanges end", front::allExchangesEnded); // else one may still come to the backend
        int before = backend.connections();
        try (Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n" + fields + "\r\n\r\n0\r\n\r\n" + NEXT);

            assertThat(client.rest())
                    .startsWith(fields.contains("gzip") ? "HTTP/1.1 501" : "HTTP/1.1 400")
                    .doesNotContain("HTTP/1.1 200");
            assertThat(backend.connections()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x3", "3;a\n", "fffffffffffffffff3", "-3", "3 3"})
    void neverPassesMalformedChunks(String size) throws Exception {
        try (Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send(size + "\r\nabc\r\n0\r\n\r\n" + NEXT);

            assertThat(client.rest()).doesNotContain("smuggled");
        }
    }

    @Test
    void refusesChunksOfHttp10() throws Exception {
        try (Wire client = front.connect()) {
            client.send("POST / HTTP/1.0\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

            assertThat(client.rest()).startsWith("HTTP/1.1 400");
        }
    }

    static Stream<Arguments> requestsOfHttp2() {
        HttpFields none = HttpFields.EMPTY;
        return Stream.of(
                Arguments.of("path", "GET", "/a HTTP/1.1\r\nX-Evil: 1\r\nX: ", none),
                Arguments.of("space", "GET", "/a HTTP/1.0", none),
                Arguments.of("query", "GET", "/a?b HTTP/1.1\r\nX-Evil: 1\r\nX: ", none),
                Arguments.of("method", "GET / HTTP/1.1\r\nX-Evil: 1\r\nX:", "/a", none),
                Arguments.of("host", "GET", "/a", HttpFields.build().add("host", "other")),
                Arguments.of("coding", "POST", "/a", HttpFields.build().add("transfer-encoding", "chunked")),
                Arguments.of("length", "POST", "/a", HttpFields.build().add("content-length", "3")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsOfHttp2")
    void addsNothingToTheHeadThatCameByHttp2(String what, String method, String path, HttpFields fields)
            throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Session session = HTTP2.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port()), new Session.Listener() {
                            @Override
                            public void onClose(
                                    Session closed,
                                    org.eclipse.jetty.http2.frames.GoAwayFrame frame,
                                    Callback callback) {
                                answer.complete("closed");
                                callback.succeeded();
                            }
                        })
                .get(5, TimeUnit.SECONDS);
        HttpURI uri = HttpURI.build().scheme("http").host("shop").port(80).pathQuery(path);
        MetaData.Request head = new MetaData.Request(method, uri, HttpVersion.HTTP_2, fields);
        var unused = session.newStream(new HeadersFrame(head, null, false), new Answer(answer))
                .thenAccept(stream -> stream.data(
                        new DataFrame(
                                stream.getId(), ByteBuffer.wrap(("abc" + NEXT).getBytes(StandardCharsets.UTF_8)), true),
                        Callback.NOOP));

        String said = answer.get(10, TimeUnit.SECONDS).toLowerCase(java.util.Locale.ENGLISH);
        // Jetty's own refusal quotes what it refuses.
        assertThat(said.startsWith("400") ? "" : said)
                .doesNotContain("\nx-evil", "get /smuggled", "host: other")
                .doesNotContain("http/1.0\r\n");
        session.close(ErrorCode.NO_ERROR.code, "done", Callback.NOOP);
    }

    /** Collects what comes back on a stream, however it ends. */
    private static final class Answer implements org.eclipse.jetty.http2.api.Stream.Listener {

        private final CompletableFuture<String> all;
        private final StringBuilder text = new StringBuilder();

        Answer(CompletableFuture<String> all) {
            this.all = all;
        }

        @Override
        public void onHeaders(org.eclipse.jetty.http2.api.Stream stream, HeadersFrame frame) {
            text.append(((MetaData.Response) frame.getMetaData()).getStatus()).append(' ');
            if (frame.isEndStream()) {
                all.complete(text.toString());
            } else {
                stream.demand();
            }
        }

        @Override
        public void onDataAvailable(org.eclipse.jetty.http2.api.Stream stream) {
            org.eclipse.jetty.http2.api.Stream.Data data = stream.readData();
            if (data != null) {
                text.append(StandardCharsets.ISO_8859_1.decode(data.frame().getByteBuffer()));
                data.release();
                if (data.frame().isEndStream()) {
                    all.complete(text.toString());
                    return;
                }
            }
            stream.demand();
        }

        @Override
        public void onReset(org.eclipse.jetty.http2.api.Stream stream, ResetFrame frame, Callback callback) {
            all.complete(text + "reset");
            callback.succeeded();
        }

        @Override
        public void onFailure(
                org.eclipse.jetty.http2.api.Stream stream,
                int error,
                String reason,
                Throwable failure,
                Callback callback) {
            all.complete(text + "failed");
            callback.succeeded();
        }
    }
}
