package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.client.CoreClientUpgradeRequest;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.Test;

/** A client and a server that know nothing of the tunnel between them agree on compression (RFC 7692) and use it. */
class CompressedWebSocketTest {

    private static final int MESSAGE = 60_000;

    @Test
    void carriesCompressedMessagesOfAllKinds() throws Exception {
        Server backend = new Server();
        ServerConnector connector = new ServerConnector(backend, 1, 1);
        connector.setHost("127.0.0.1");
        backend.addConnector(connector);
        backend.setHandler(new WebSocketUpgradeHandler(handler -> handler.addMapping(
                "/cable",
                WebSocketNegotiator.from((request, response, callback) -> new Echo(), (socket, request, response) ->
                        (FrameHandler) socket))));
        backend.start();
        WebSocketCoreClient client = new WebSocketCoreClient();
        client.start();
        try (Front front = Front.to(connector.getLocalPort())) {
            Received received = new Received();
            CoreClientUpgradeRequest ask = CoreClientUpgradeRequest.from(
                    client, URI.create("ws://127.0.0.1:" + front.port() + "/cable"), received);
            ask.addExtensions("permessage-deflate");
            CoreSession session = client.connect(ask).get(5, TimeUnit.SECONDS);

            assertThat(session.getNegotiatedExtensions())
                    .singleElement()
                    .satisfies(extension -> assertThat(extension.getName()).isEqualTo("permessage-deflate"));
            assertThat(session.isRsv1Used()).isTrue();
            byte[] noise = new byte[MESSAGE];
            new Random(1).nextBytes(noise);
            for (byte[] message : new byte[][] {new byte[0], {1}, new byte[MESSAGE], noise, new byte[MESSAGE]}) {
                session.sendFrame(new Frame(OpCode.BINARY, ByteBuffer.wrap(message)), Callback.NOOP, false);
                assertThat(received.message()).isEqualTo(message);
            }
            session.close(4001, "bye", Callback.NOOP);
            assertThat(received.closed.poll(5, TimeUnit.SECONDS)).isEqualTo("4001 bye");
        } finally {
            LifeCycle.stop(client);
            LifeCycle.stop(backend);
        }
    }

    /** Sends back what comes, frame by frame. */
    private static class Echo implements FrameHandler {

        private final BlockingQueue<CoreSession> session = new LinkedBlockingQueue<>();

        @Override
        public void onOpen(CoreSession opened, Callback callback) {
            session.add(opened);
            callback.succeeded();
            opened.demand();
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            CoreSession own = session.element();
            Callback next = Callback.from(callback, own::demand);
            if (frame.isDataFrame()) {
                dataFrame(own, Frame.copy(frame), next);
            } else {
                next.succeeded();
            }
        }

        void dataFrame(CoreSession own, Frame frame, Callback next) {
            own.sendFrame(frame, next, false);
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            callback.succeeded();
        }
    }

    /** Keeps what comes back. */
    private static final class Received extends Echo {

        private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

        byte[] message() throws InterruptedException {
            ByteBuffer message = ByteBuffer.allocate(2 * MESSAGE);
            Frame frame;
            do {
                frame = frames.poll(5, TimeUnit.SECONDS);
                assertThat(frame).as("a frame within five seconds").isNotNull();
                message.put(frame.getPayload().slice());
            } while (!frame.isFin());
            byte[] bytes = new byte[message.flip().remaining()];
            message.get(bytes);
            return bytes;
        }

        @Override
        void dataFrame(CoreSession own, Frame frame, Callback next) {
            frames.add(frame);
            next.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            closed.add(status.getCode() + " " + status.getReason());
            callback.succeeded();
        }
    }
}
