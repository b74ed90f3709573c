package marina.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import marina.config.Directories;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What long work shows on a terminal while it lasts, and that nothing of it is seen elsewhere. */
@SuppressWarnings("NullAway.Init")
class ProgressTest {
    @TempDir
    private Path base;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CountDownLatch second = new CountDownLatch(1);
    private HttpServer pages;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(base.resolve("public"));
        MarinaUnderTest.write(
                base, "conf/server.yml", "public: { directory: public, try_files: [.html] }\ncontexts: {}\n");
        pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/second")) {
                hold();
            }
            byte[] page = "<p>a page</p>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        pages.start();
    }

    private void hold() {
        try {
            boolean unused = second.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        pages.stop(0);
    }

    private int prerender(Map<String, String> environment, String... more) {
        String server = "http://127.0.0.1:" + pages.getAddress().getPort();
        String[] words = new String[more.length + 3];
        words[0] = "prerender";
        words[1] = server + "/first";
        words[2] = server + "/second";
        System.arraycopy(more, 0, words, 3, more.length);
        return new CommandLine(new Directories(base, base), environment)
                .picocli()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
    }

    @Test
    void aBarTellsHowMuchIsDoneAndIsGoneInTheEnd() throws Exception {
        Thread command = new Thread(() -> prerender(Map.of("MARINA_STDERR", "tty")), "command");
        command.start();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> err.toString().contains("\rprerender [###############...............] 50 % (1 of 2)"));
        assertThat(out.toString()).as("results come when it is done").isEmpty();
        second.countDown();
        command.join();
        assertThat(err.toString()).matches("(?s).*\r +\r");
        assertThat(out.toString()).contains("/first is now", "/second is now").doesNotContain("%");
    }

    @Test
    void withoutATerminalOrForAProgramThereIsNone() throws Exception {
        assertThat(silentFor(Map.of())).isEmpty();
        assertThat(silentFor(Map.of("MARINA_STDERR", "tty", "TERM", "dumb"), "--force"))
                .isEmpty();
        assertThat(silentFor(Map.of("MARINA_STDERR", "tty"), "--force", "--json"))
                .isEmpty();
        assertThat(out.toString()).doesNotContain("\r");
    }

    /** What is on standard error after the second page took longer than it takes a bar to appear. */
    private String silentFor(Map<String, String> environment, String... more) throws Exception {
        Thread command = new Thread(() -> prerender(environment, more), "command");
        command.start();
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
        second.countDown();
        command.join();
        return err.toString();
    }
}
