package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Browsers keep connections open between two clicks, and so does Marina to applications: thousands of them fit into a small machine. */
class IdleConnectionsTest {
    private static final int CONNECTIONS = 120;
    private static final int REQUESTS = 3; // a connection learns from the first ones
    private static final int MOST_BYTES = 40 * 1024;
    private static final String BROWSERS =
            """
            GET /shop HTTP/1.1
            Host: shop.example.org
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-US,en;q=0.5
            Accept-Encoding: gzip, deflate, br
            Cookie: session=%032d; theme=dark

            """
                    .replace("\n", "\r\n");

    @TempDir
    private Path base;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CyclicBarrier allAreHere = new CyclicBarrier(CONNECTIONS);
    private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
    private HttpServer backend;
    private volatile boolean together;

    @BeforeEach
    void start() throws IOException {
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS);
        backend.setExecutor(threads);
        backend.createContext("/", this::answer);
        backend.start();
    }

    @AfterEach
    void stop() {
        backend.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes(); // else the connection is closed
            if (together) {
                connections.add(exchange.getRemoteAddress());
                allAreHere.await(20, TimeUnit.SECONDS);
            }
            exchange.getResponseHeaders()
                    .add("Cache-Control", "max-age=0, private, must-revalidate"); // as Rails says it
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aClientAndABackendThatAreKeptTakeFewKilobytes() {
        String yaml = "contexts:\n  /: { upstream: \"http://127.0.0.1:%d\" }\n"
                .formatted(backend.getAddress().getPort());
        List<RawClient> clients = new ArrayList<>();
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml);
                RawClient first = new RawClient(marina.uri("/"))) {
            for (int i = 0; i < 200; i++) { // what is there once
                assertThat(first.send(BROWSERS.formatted(i)).answer()).startsWith("HTTP/1.1 200 ");
            }
            long before = heap();
            together = true;
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(new RawClient(marina.uri("/")));
            }
            for (int request = 0; request < REQUESTS; request++) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    clients.get(i).send(BROWSERS.formatted(i));
                }
                clients.forEach(client -> assertThat(client.answer()).endsWith("ok"));
            }
            assertThat(connections).hasSize(CONNECTIONS); // kept from round to round
            await().untilAsserted(
                            () -> assertThat((heap() - before) / CONNECTIONS).isLessThan(MOST_BYTES));
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    /** In use after a collection. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
