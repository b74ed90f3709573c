package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
import marina.testing.SilentBackend;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that share a connection of HTTP/2: one that an application holds up is not the fault of the others. */
class SharedConnectionTest {
    private static final int PIECE = 512 * 1024;

    @TempDir
    private Path base;

    @Test
    void aBodyThatOthersHoldUpIsNotTooSlow() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        HTTP2Client http2 = new HTTP2Client();
        http2.start();
        try (ServerSocket stalling = new ServerSocket();
                SilentBackend reading = new SilentBackend()) {
            stalling.setReceiveBufferSize(16 * 1024);
            stalling.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            daemon(() -> stall(stalling, goOn));
            String yaml =
                    "limits: { min_rate: 1M, min_rate_grace: 1s }\ncontexts: { /stalls: { upstream: \"http://127.0.0.1:"
                            + stalling.getLocalPort() + "\" }, /reads: { upstream: \"" + reading.url() + "\" } }\n";
            try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
                HTTP2Session session = (HTTP2Session) http2.connect(
                                new InetSocketAddress(
                                        marina.uri("").getHost(), marina.uri("").getPort()),
                                new Session.Listener() {})
                        .get(5, TimeUnit.SECONDS);
                CompletableFuture<Integer> status = new CompletableFuture<>();
                Stream slow = post(session, "/reads/x", status);
                slow.data(new DataFrame(slow.getId(), ByteBuffer.allocate(10), false), Callback.NOOP);
                await().until(() -> reading.visits().size() == 1);
                for (int i = 0; session.getSendWindow() > 0 && i < 40; i++) {
                    sendOn(post(session, "/stalls/x", new CompletableFuture<>()), 16);
                    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                }
                assertThat(session.getSendWindow()).as("what all streams share").isNotPositive();
                CompletableFuture<Void> rest = new CompletableFuture<>();
                slow.data(
                        new DataFrame(slow.getId(), ByteBuffer.allocate(16 * 1024), true),
                        Callback.from(() -> rest.complete(null), rest::completeExceptionally));
                await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // thrice the grace
                assertThat(rest).isNotDone();

                goOn.countDown();

                rest.get(10, TimeUnit.SECONDS);
                await().until(() -> reading.visits().get(0).heard().endsWith("0\r\n\r\n"));
                reading.visits().get(0).say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(200);
            }
        } finally {
            goOn.countDown();
            http2.stop();
        }
    }

    private static Stream post(Session session, String path, CompletableFuture<Integer> status) throws Exception {
        HttpURI uri = HttpURI.build().scheme("http").host("shop").port(80).pathQuery(path);
        MetaData.Request head = new MetaData.Request("POST", uri, HttpVersion.HTTP_2, HttpFields.EMPTY);
        return session.newStream(new HeadersFrame(head, null, false), new Stream.Listener() {
                    @Override
                    public void onHeaders(Stream stream, HeadersFrame frame) {
                        if (frame.getMetaData() instanceof MetaData.Response response) {
                            status.complete(response.getStatus());
                        }
                    }
                })
                .get(5, TimeUnit.SECONDS);
    }

    /** Sends some pieces, each when the one before has gone. */
    private static void sendOn(Stream stream, int pieces) {
        stream.data(
                new DataFrame(stream.getId(), ByteBuffer.allocate(PIECE), pieces == 1),
                Callback.from(
                        () -> {
                            if (pieces > 1) {
                                sendOn(stream, pieces - 1);
                            }
                        },
                        failure -> {}));
    }

    /** Takes connections, reads nothing until told so, and then all. */
    private static void stall(ServerSocket server, CountDownLatch goOn) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                daemon(() -> {
                    try (socket) {
                        goOn.await(60, TimeUnit.SECONDS);
                        InputStream input = socket.getInputStream();
                        byte[] piece = new byte[64 * 1024];
                        for (int count = 0; count >= 0; count = input.read(piece)) {
                            if (new String(piece, 0, count, StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n")) {
                                break;
                            }
                        }
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                                        .getBytes(StandardCharsets.ISO_8859_1));
                    } catch (IOException | InterruptedException e) {
                        // the test is over
                    }
                });
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "stalling-backend");
        thread.setDaemon(true);
        thread.start();
    }
}
