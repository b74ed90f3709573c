package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slow side holds up the other one and fills no memory; one that leaves is not waited for. */
class SlowSidesTest {

    private static final int MEGABYTE = 1 << 20;
    private static final long SIZE = 64L * MEGABYTE;

    private static void awaitStandstill(String what, AtomicLong sent) {
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await(what)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
    }

    private static void sendMuch(Wire wire, AtomicLong sent) throws IOException {
        byte[] piece = new byte[64 * 1024];
        while (sent.get() < SIZE) {
            wire.send(piece);
            sent.addAndGet(piece.length);
        }
    }

    @Test
    void aSlowBackendHoldsUpItsClientAndGetsItAllLater() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    stalled.await(20, TimeUnit.SECONDS);
                    long received = wire.skip(SIZE);
                    wire.send("HTTP/1.1 200 OK\r\nX-Received: " + received + "\r\nContent-Length: 0\r\n\r\n");
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + SIZE + "\r\n\r\n");
            Thread upload = uploading(client, sent);

            awaitStandstill("the client cannot send any more", sent);
            assertThat(sent.get()).isLessThan(SIZE);
            assertThat(front.pooledMemory()).isLessThan(4 * MEGABYTE);
            stalled.countDown();

            assertThat(client.head()).startsWith("HTTP/1.1 200").contains("X-Received: " + SIZE);
            upload.join(5000);
            assertThat(backend.failures()).isEmpty();
        }
    }

    private static Thread uploading(Wire client, AtomicLong sent) {
        Thread thread = new Thread(
                () -> {
                    try {
                        sendMuch(client, sent);
                    } catch (IOException e) {
                        sent.set(-1); // the assertions see it
                    }
                },
                "slow-upload");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aSlowClientHoldsUpItsBackendAndGetsItAllLater(boolean chunked) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    if (chunked) {
                        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Long.toHexString(SIZE)
                                + "\r\n");
                        sendMuch(wire, sent);
                        wire.send("\r\n0\r\n\r\n");
                    } else {
                        wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
                        sendMuch(wire, sent);
                    }
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect(16 * 1024)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200");

            awaitStandstill("the backend cannot send any more", sent);
            assertThat(sent.get()).isLessThan(SIZE);
            assertThat(front.pooledMemory()).isLessThan(4 * MEGABYTE);

            assertThat(client.skip(Long.MAX_VALUE)).isGreaterThanOrEqualTo(SIZE);
            assertThat(backend.failures()).isEmpty();
        }
    }

    /** Without ClientWatch, a client that leaves before the answer is noticed when the answer comes. */
    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n'",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5f5e100\r\n'",
        "'HTTP/1.1 200 OK\r\n\r\n'"
    })
    void theBackendLearnsThatTheClientHasLeftInTheMiddle(String head) throws Exception {
        for (String how : new String[] {"before", "head", "body", "close"}) {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch left = new CountDownLatch(1);
            CountDownLatch told = new CountDownLatch(1);
            try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                        wire.head();
                        asked.countDown();
                        if (how.equals("before")) {
                            left.await(5, TimeUnit.SECONDS);
                        }
                        wire.send(head);
                        try {
                            sendMuch(wire, new AtomicLong());
                        } catch (IOException e) {
                            told.countDown();
                        }
                    });
                    Front front = Front.to(backend.port());
                    Wire client = front.connect(16 * 1024)) {
                client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
                if (!how.equals("before")) {
                    client.head();
                }
                if (how.equals("body") || how.equals("close")) {
                    client.read(50_000);
                }
                if (how.equals("close")) {
                    client.hangUp();
                } else {
                    client.reset();
                }
                left.countDown();

                assertThat(told.await(10, TimeUnit.SECONDS))
                        .as("told when left in the state: %s", how)
                        .isTrue();
                Front.soon("the exchange ends", front::allExchangesEnded);
            }
        }
    }

    @Test
    void aBackendThatDoesNotReadLearnsThatTheClientHasLeftItsUpload() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        AtomicLong received = new AtomicLong(-1);
        AtomicLong sent = new AtomicLong();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    left.await(20, TimeUnit.SECONDS);
                    long all = 0;
                    try {
                        all = wire.skip(SIZE);
                    } catch (IOException e) {
                        // A reset: it has been told.
                    }
                    received.set(all);
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + SIZE + "\r\n\r\n");
            Thread upload = uploading(client, sent);
            awaitStandstill("the client cannot send any more", sent);

            client.reset();
            upload.join(5000);
            left.countDown();

            Front.soon("the backend has read up to the end", () -> received.get() >= 0);
            assertThat(received.get()).isLessThan(SIZE);
            Front.soon("the exchange ends", front::allExchangesEnded);
        }
    }
}
