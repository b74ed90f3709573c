package marina.cable;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets on a stream of HTTP/2, RFC 8441, as browsers open them where they have such a connection already. */
class CableOverHttp2Test {
    @TempDir
    private Path base;

    @Test
    void aSocketOnAStreamGetsBroadcasts() throws Exception {
        HTTP2Client http2 = new HTTP2Client();
        http2.start();
        try (CableUnderTest cable = CableUnderTest.open(base, "")) {
            BlockingQueue<String> events = new LinkedBlockingQueue<>();
            Stream stream = connect(http2, cable.marina().uri(""), "http://shop.test", events);
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("200");
            send(stream, "{\"type\":\"subscribe\",\"stream\":\"s\"}");
            assertThat(events.poll(10, TimeUnit.SECONDS)).contains("{\"type\":\"subscribed\",\"stream\":\"s\"}");
            cable.broadcast("{\"stream\":\"s\",\"data\":\"over h2\"}");
            assertThat(events.poll(10, TimeUnit.SECONDS)).contains("\"data\":\"over h2\"}");
            assertThat(cable.count("Sockets")).isEqualTo(1);

            Stream foreign = connect(http2, cable.marina().uri(""), "http://evil.test", events);
            assertThat(foreign).isNotNull();
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("403");
        } finally {
            http2.stop();
        }
    }

    /** A text in one frame, masked with zeros. */
    private static void send(Stream stream, String text) {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(6 + message.length);
        frame.put((byte) 0x81)
                .put((byte) (0x80 | message.length))
                .putInt(0)
                .put(message)
                .flip();
        stream.data(new DataFrame(stream.getId(), frame, false), Callback.NOOP);
    }

    private static Stream connect(HTTP2Client http2, URI server, String origin, BlockingQueue<String> events)
            throws Exception {
        Session session = http2.connect(
                        new InetSocketAddress(server.getHost(), server.getPort()), new Session.Listener() {})
                .get(10, TimeUnit.SECONDS);
        MetaData.ConnectRequest connect = new MetaData.ConnectRequest(
                "http",
                new HostPortHttpField("shop.test"),
                "/cable",
                HttpFields.build().add("Origin", origin).add("Sec-WebSocket-Version", "13"),
                "websocket");
        return session.newStream(new HeadersFrame(connect, null, false), new Events(events))
                .get(10, TimeUnit.SECONDS);
    }

    /** The status, and then the text of each frame. */
    private record Events(BlockingQueue<String> events) implements Stream.Listener {
        @Override
        public void onHeaders(Stream stream, HeadersFrame frame) {
            int status = ((MetaData.Response) frame.getMetaData()).getStatus();
            events.add(String.valueOf(status));
            if (!frame.isEndStream() && status == 200) {
                stream.demand();
            }
        }

        @Override
        public void onDataAvailable(Stream stream) {
            Stream.Data data = stream.readData();
            if (data != null) {
                events.add(StandardCharsets.UTF_8
                        .decode(data.frame().getByteBuffer())
                        .toString());
                data.release();
            }
            if (data == null || !data.frame().isEndStream()) {
                stream.demand();
            }
        }
    }
}
