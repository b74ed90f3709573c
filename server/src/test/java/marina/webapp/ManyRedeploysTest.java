package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.ObjectName;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An archive that is replaced again and again, used each time. {@code -Dmarina.redeploys=100} takes longer. */
class ManyRedeploysTest {
    private static final int REDEPLOYS = Integer.getInteger("marina.redeploys", 25);

    /** The first ones load what stays: the EE level, the compiler of JSP pages, threads of the pools. */
    private static final int WARM_UP = 5;

    /** Where the application leaves its classes for the test. */
    private static final String KEPT = "marina.test.generations";

    private static final String SERVLET =
            """
            package app;
            import java.io.*; import java.sql.*; import java.util.*; import javax.naming.*; import javax.sql.DataSource;
            import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
            @WebServlet("/do")
            public class Shop extends HttpServlet {
                static final ThreadLocal<Object> LAST = new ThreadLocal<>();
                public static class Basket implements Serializable { public int size = 1; }
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    List<Object> kept = (List<Object>) System.getProperties().get("marina.test.generations");
                    kept.add(new java.lang.ref.WeakReference<>(getClass()));
                    LAST.set(new Basket());
                    q.getSession(true).setAttribute("basket", new Basket());
                    try {
                        DataSource source = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/default");
                        try (Connection c = source.getConnection(); Statement s = c.createStatement()) {
                            s.execute("create table if not exists visits (path text)");
                            s.execute("insert into visits values ('x')");
                        }
                    } catch (Exception e) { throw new IllegalStateException(e); }
                    try (InputStream version = getServletContext().getResourceAsStream("/version.txt")) {
                        a.getWriter().print(new String(version.readAllBytes()));
                    }
                }
            }
            """;

    private static final String ENDPOINT =
            """
            package app;
            import $API.websocket.*; import $API.websocket.server.ServerEndpoint;
            @ServerEndpoint("/echo")
            public class Echo { @OnMessage public String echo(String text) { return "echo " + text; } }
            """;

    @TempDir
    Path base;

    private final List<WeakReference<Class<?>>> generations = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void keepClasses() {
        System.getProperties().put(KEPT, generations);
    }

    @AfterEach
    void forgetClasses() {
        System.getProperties().remove(KEPT);
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void leaveNeitherClassesNorThreadsNorDescriptorsNorFiles(EeLevel level) throws Exception {
        TestWar war = new TestWar(level, base.resolve("build"))
                .type("app.Shop", SERVLET)
                .type("app.Echo", ENDPOINT)
                .file("page.jsp", "<%@ page contentType=\"text/plain\" %>${pageContext.request.contextPath} ${2 * 21}");
        deploy(war, 0);
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /shop: { war: shop.war } }")) {
            use(marina, 0);
            for (int i = 1; i <= WARM_UP; i++) {
                replace(marina, war, i);
            }
            State before = State.of(base);
            for (int i = WARM_UP + 1; i <= WARM_UP + REDEPLOYS; i++) {
                replace(marina, war, i);
            }
            assertThat(generations).as("of every generation").hasSizeGreaterThan(WARM_UP + REDEPLOYS);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat((String[]) marina.mbeans()
                                .invoke(
                                        new ObjectName("marina:type=Server"),
                                        "findLeaks",
                                        new Object[0],
                                        new String[0]))
                        .isEmpty();
                assertThat(generations.stream()
                                .map(WeakReference::get)
                                .filter(Objects::nonNull)
                                .distinct())
                        .as("the one that runs")
                        .hasSize(1);
                State after = State.of(base);
                assertThat(after.files()).as("below work").hasSameSizeAs(before.files());
                assertThat(after.open()).as("open files of the instance").hasSameSizeAs(before.open());
                assertThat(after.threads())
                        .as("threads")
                        .hasSizeLessThanOrEqualTo(before.threads().size());
            });
        }
    }

    private void deploy(TestWar war, int number) throws IOException {
        Path archive = war.file("version.txt", "version " + number).pack("next.war");
        Path webapps = Files.createDirectories(base.resolve("webapps"));
        Files.move(archive, webapps.resolve("shop.war"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void replace(MarinaUnderTest marina, TestWar war, int number) throws Exception {
        deploy(war, number);
        assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(marina.get("/shop/do").body()).isEqualTo("version " + number));
        use(marina, number);
    }

    private void use(MarinaUnderTest marina, int number) throws Exception {
        HttpResponse<String> answer = marina.get("/shop/do");
        assertThat(answer.body()).isEqualTo("version " + number);
        assertThat(marina.get("/shop/page.jsp").body()).isEqualTo("/shop 42");
        CompletableFuture<String> echo = new CompletableFuture<>();
        URI uri = URI.create(marina.uri("/shop/echo").toString().replaceFirst("^http", "ws"));
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(uri, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        echo.complete(data.toString());
                        return CompletableFuture.completedStage(null);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
        assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
    }

    /**
     * What could become more and more.
     *
     * @param open files below the instance that this process has open
     * @param threads apart from those of pools, which come and go
     * @param files below work
     */
    private record State(List<String> open, List<String> threads, List<Path> files) {
        private static final List<String> POOLS =
                List.of("marina-http", "marina-worker", "HttpClient", "ForkJoinPool", "Attach Listener");

        static State of(Path base) throws IOException {
            List<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> POOLS.stream().noneMatch(name::startsWith))
                    .toList();
            try (Stream<Path> files = Files.walk(base.resolve("work"))) {
                return new State(open(base), threads, files.toList());
            }
        }

        private static List<String> open(Path base) throws IOException {
            try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
                return links.map(State::target)
                        .filter(target -> target.startsWith(base.toString()))
                        .toList();
            }
        }

        private static String target(Path link) {
            try {
                return Files.readSymbolicLink(link).toString();
            } catch (IOException e) {
                return ""; // closed meanwhile
            }
        }
    }
}
