package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backend that serves a connection until its end, and has threads for few of them: Marina's own must not keep others out. */
@Timeout(60)
class BackendWithFewThreadsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";

    private final Semaphore threads = new Semaphore(1, true);
    private final AtomicBoolean over = new AtomicBoolean();

    private void serve(Wire wire, int connection) throws Exception {
        threads.acquire();
        try {
            while (!wire.head().isEmpty()) {
                wire.send(OK);
            }
        } finally {
            threads.release();
        }
    }

    private static void ask(Wire client) throws Exception {
        client.send(GET);
        assertThat(client.head()).startsWith("HTTP/1.1 200");
        assertThat(client.read(2)).isEqualTo("ok");
    }

    @Test
    void whoComesLaterIsServedWhileOthersAskWithoutAPause() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving(this::serve);
                Front front = Front.to(backend.port());
                Wire busy = front.connect();
                Wire later = front.connect()) {
            CountDownLatch begun = new CountDownLatch(100);
            CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    askUnchecked(busy);
                    begun.countDown();
                }
            });
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            long before = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                ask(later);
            }
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
            over.set(true);
            others.get(10, TimeUnit.SECONDS);
        }
    }

    private static void askUnchecked(Wire client) {
        try {
            ask(client);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConnectionThatNobodyUsesKeepsNobodyOut() throws Exception {
        List<Wire> clients = new ArrayList<>();
        try (ScriptedBackend backend = ScriptedBackend.serving(this::serve);
                Front front = Front.withSelectors(4, backend.port())) {
            long before = System.nanoTime();
            for (int i = 0; i < 8; i++) {
                clients.add(front.connect());
                ask(clients.get(i));
            }
            assertThat(backend.connections()).as("of several selectors").isGreaterThan(1);
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
            for (Wire client : clients) {
                client.close();
            }
        }
    }

    @Test
    void anAnswerThatIsLongInComingCostsOthersOneConnection() throws Exception {
        CountDownLatch older = new CountDownLatch(1);
        CountDownLatch event = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
                        if (head.startsWith("GET /older")) {
                            older.await();
                        } else if (head.startsWith("GET /events")) {
                            event.await();
                        }
                        wire.send(OK);
                    }
                });
                Front front = Front.to(backend.port());
                Wire waiting = front.connect();
                Wire others = front.connect()) {
            others.send("GET /older HTTP/1.1\r\nHost: shop\r\n\r\n");
            Front.soon("the older one", () -> backend.connections() == 1);
            waiting.send("GET /events HTTP/1.1\r\nHost: shop\r\n\r\n");
            Front.soon("both", () -> backend.connections() == 2);
            older.countDown();
            assertThat(others.head()).startsWith("HTTP/1.1 200");
            assertThat(others.read(2)).isEqualTo("ok");
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
            int answers = 0;
            while (System.nanoTime() < end) {
                ask(others);
                answers++;
            }
            assertThat(answers).isGreaterThan(100);
            assertThat(backend.connections())
                    .as("the older one, that of the events, and one in place of the older one")
                    .isEqualTo(3);
            event.countDown();
            assertThat(waiting.head()).startsWith("HTTP/1.1 200");
        }
    }
}
