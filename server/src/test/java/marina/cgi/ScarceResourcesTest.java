package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import marina.process.Account;
import marina.process.ProcessLauncher;
import marina.testing.RawClient;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients get, and what is left behind, when the disk or the threads of the machine do not suffice for scripts. */
class ScarceResourcesTest {
    private static final long MEGABYTE = 1 << 20;
    private static final String CHUNKS = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";

    @TempDir
    private Path base;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final AtomicBoolean noThreads = new AtomicBoolean();
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private ProcessLauncher launcher;

    @BeforeEach
    void writeScript() {
        new ScriptsUnderTest(base).sh("count.sh", "printf 'Content-Type: a/b\\n\\n'; wc -c");
        launcher = new ProcessLauncher(base.resolve("run"));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        launcher.close();
        scheduler.shutdown();
    }

    @Test
    void bodiesOnTheDiskTakeSoMuchTogetherAndNoMore() throws Exception {
        Spool spool = new Spool(base.resolve("spool"), 4 * MEGABYTE, ScarceResourcesTest::nothing);
        start(spool, 4 * MEGABYTE);
        try (RawClient first = new RawClient(server.getURI())) {
            first.send(CHUNKS + "Connection: close\r\n\r\n" + chunk(3 * MEGABYTE));
            await().until(() -> spool.taken() == 3 * MEGABYTE);

            assertThat(upload(2)).startsWith("HTTP/1.1 503").contains("Retry-After: 1\r\n");
            assertThat(upload(1)).startsWith("HTTP/1.1 200").contains("1048576\n");

            assertThat(first.send("0\r\n\r\n").rest())
                    .startsWith("HTTP/1.1 200")
                    .contains("3145728\n");
        }
        awaitNothingLeft(spool);
    }

    @Test
    void aFullDiskIsAnAnswer() throws Exception {
        Spool spool = new Spool(base.resolve("spool"), 4 * MEGABYTE, LongUnaryOperator.identity());
        start(spool, 4 * MEGABYTE);

        assertThat(upload(1)).startsWith("HTTP/1.1 507");
        assertThat(RawClient.get(server.getURI(), "/")).startsWith("HTTP/1.1 200");
        awaitNothingLeft(spool);
    }

    @Test
    void aFolderThatCannotBeMadeIsAnAnswer() throws Exception {
        Spool spool = new Spool(
                Files.writeString(base.resolve("file"), "").resolve("spool"), MEGABYTE, ScarceResourcesTest::nothing);
        start(spool, 4 * MEGABYTE);

        assertThat(upload(1)).startsWith("HTTP/1.1 500");
        assertThat(spool.taken()).isZero();
        assertThat(RawClient.get(server.getURI(), "/")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aSystemWithoutThreadsRefusesAndKeepsNoPlace() throws Exception {
        Spool spool = new Spool(base.resolve("spool"), 4 * MEGABYTE, ScarceResourcesTest::nothing);
        start(spool, 4 * MEGABYTE);
        noThreads.set(true);

        for (int i = 0; i < 3; i++) {
            assertThat(RawClient.get(server.getURI(), "/"))
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: 1\r\n");
            assertThat(upload(1)).startsWith("HTTP/1.1 503").contains("Retry-After: 1\r\n");
        }
        noThreads.set(false);

        assertThat(RawClient.get(server.getURI(), "/")).startsWith("HTTP/1.1 200");
        assertThat(upload(1)).startsWith("HTTP/1.1 200");
        awaitNothingLeft(spool);
    }

    private static long nothing(long total) {
        return 0;
    }

    private void start(Spool spool, long most) throws Exception {
        CgiRunner runner = new CgiRunner(
                launcher,
                scheduler,
                spool,
                (status, request, response, callback) -> Response.writeError(request, response, callback, status),
                this::newThread);
        CgiScript script = new CgiScript(
                "/count",
                base.resolve("cgi/count.sh"),
                base,
                Map.of("PATH", System.getenv("PATH")),
                Account.OWN,
                (channel, line) -> {},
                Duration.ofSeconds(30),
                2,
                most);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                var unused = runner.run(new CgiCall(script, "", request, response, callback, (r, a, c) -> false));
                return true;
            }
        });
        server.start();
    }

    private Thread newThread(Runnable task) {
        if (noThreads.get()) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private String upload(int megabytes) {
        URI uri = server.getURI();
        return RawClient.exchange(
                uri, CHUNKS + "Connection: close\r\n\r\n" + chunk(megabytes * MEGABYTE) + "0\r\n\r\n");
    }

    private static String chunk(long size) {
        return Long.toHexString(size) + "\r\n" + "x".repeat((int) size) + "\r\n";
    }

    private void awaitNothingLeft(Spool spool) {
        await().until(() -> spool.taken() == 0);
        await().untilAsserted(() -> {
            try (Stream<Path> files = Files.list(base.resolve("spool"))) {
                assertThat(files).isEmpty();
            }
        });
    }
}
