package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import marina.testing.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Web applications on the newest JDK of this machine, and on the one that runs the tests. */
class VirtualThreadsIT {
    private static final String SERVLET =
            """
            import jakarta.servlet.annotation.WebServlet; import jakarta.servlet.http.*; import java.io.IOException;
            import java.nio.file.*; import java.util.concurrent.atomic.AtomicInteger;
            @WebServlet("/do") public class Do extends HttpServlet {
                private final AtomicInteger inside = new AtomicInteger();
                private final AtomicInteger most = new AtomicInteger();
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    try {
                        if ("wait".equals(q.getQueryString())) hold();
                        a.getWriter().print(Thread.currentThread() + " most " + most.get());
                    } finally { inside.decrementAndGet(); }
                }
                private synchronized void sleep() throws InterruptedException { wait(5); }
                private void hold() {
                    Path go = Path.of(getServletContext().getInitParameter("HOME"), "go");
                    try { while (!Files.exists(go)) sleep(); } catch (InterruptedException e) { throw new IllegalStateException(e); }
                }
            }
            """;

    private static final int CLIENTS = 240;
    private static final int MOST = 200;

    @TempDir
    private Path base;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void onANewJdkRequestsHaveVirtualThreadsThatDumpsShowAndThatAreNotMoreThanAPoolWouldHave() throws Exception {
        try (HomeUnderTest home = home()) {
            home.start();
            Path java = ProcessHandle.of(home.pid())
                    .orElseThrow()
                    .info()
                    .command()
                    .map(Path::of)
                    .orElseThrow();
            assumeThat(feature(java)).isGreaterThanOrEqualTo(24);

            assertThat(get(home, "/here/do")).contains("VirtualThread[", "marina-war-");
            assertThat(get(home, "/apart/do")).contains("VirtualThread[", "war-");

            List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> client.sendAsync(request(home, "/here/do?wait"), BodyHandlers.ofString()))
                    .toList();
            await("all that may are inside").atMost(HomeUnderTest.PATIENCE).until(() -> insiders(home, java) >= MOST);
            assertThat(dump(home, java)).contains("marina-war-");
            home.write("go", "");
            for (CompletableFuture<HttpResponse<String>> each : waiting) {
                assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            assertThat(get(home, "/here/do")).endsWith("most " + MOST);
        }
    }

    @Test
    void onJava17ThreadsOfThePoolServe() throws Exception {
        assumeThat(Runtime.version().feature()).isLessThan(24);
        try (HomeUnderTest home = home().with("JAVA_HOME", System.getProperty("java.home"))) {
            home.start();

            assertThat(get(home, "/here/do")).contains("Thread[marina-http-");
            assertThat(get(home, "/apart/do")).contains("Thread[war-");
        }
    }

    private HomeUnderTest home() throws IOException {
        Path war = base.resolve("webapps/app");
        HomeUnderTest home = HomeUnderTest.at(
                base,
                """
                defaults: { page_after: 60s, ready: { timeout: 60s }, env: { HOME: "%s" } }
                contexts:
                  /here: { war: app, ee: 10 }
                  /apart: { war: app, ee: 10, isolation: process }
                """
                        .formatted(base));
        Path classes = Files.createDirectories(war.resolve("WEB-INF/classes"));
        Path source = Files.writeString(base.resolve("Do.java"), SERVLET);
        Sources.compile(source, classes, Sources.jars(HomeUnderTest.home().resolve("lib/ee10"), "jakarta.servlet-api"));
        return home;
    }

    private String get(HomeUnderTest home, String path) throws Exception {
        return client.send(request(home, path), BodyHandlers.ofString()).body();
    }

    private static HttpRequest request(HomeUnderTest home, String path) {
        return HttpRequest.newBuilder(home.uri(path)).build();
    }

    private static int feature(Path java) throws IOException {
        String version =
                Files.readString(java.resolveSibling("../release")).replaceAll("(?s).*JAVA_VERSION=\"(\\d+).*", "$1");
        return Integer.parseInt(version);
    }

    private int insiders(HomeUnderTest home, Path java) throws Exception {
        return dump(home, java).split("Do\\.hold", -1).length - 1;
    }

    /** What {@code jcmd PID Thread.dump_to_file} writes. */
    private String dump(HomeUnderTest home, Path java) throws Exception {
        Path file = base.resolve("threads.json");
        Files.deleteIfExists(file);
        Process jcmd = new ProcessBuilder(
                        java.resolveSibling("jcmd").toString(),
                        Long.toString(home.pid()),
                        "Thread.dump_to_file",
                        "-format=json",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("jcmd.out").toFile())
                .start();
        assertThat(jcmd.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
