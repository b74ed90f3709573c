package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;

/** A backend that fails while a client sends it more than it takes: the failure is the backend's, and the client is told so. */
class FailedUploadTest {
    private static final int SIZE = 64 * 1024 * 1024;
    private static final ExecutorService SENDERS = Executors.newCachedThreadPool();

    @AfterAll
    static void end() {
        SENDERS.shutdownNow();
    }

    @RepeatedTest(10)
    void silenceIsATimeout() throws Exception {
        CountDownLatch silent = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.read(1);
                    silent.await(30, TimeUnit.SECONDS);
                });
                Front front = Front.to(
                        ForwardTarget.to(Front.uri(backend.port())), FailingBackendTest.shortTimeouts(), 60_000);
                Wire client = front.connect()) {
            upload(client);

            assertThat(client.head()).startsWith("HTTP/1.1 504");
            assertThat(client.read(16)).isEqualTo("failure page 504");
            silent.countDown();
        }
    }

    @RepeatedTest(20)
    void aResetIsABadGateway() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.read(1);
                    wire.reset();
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            upload(client);

            assertThat(client.head()).startsWith("HTTP/1.1 502");
            assertThat(client.read(16)).isEqualTo("failure page 502");
        }
    }

    /** On a thread of its own, since it cannot be sent to its end. */
    private static void upload(Wire client) {
        SENDERS.execute(() -> {
            try {
                client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + SIZE + "\r\n\r\n");
                byte[] piece = new byte[64 * 1024];
                for (int sent = 0; sent < SIZE; sent += piece.length) {
                    client.send(piece);
                }
            } catch (IOException e) {
                // the front has closed, which it may
            }
        });
    }
}
