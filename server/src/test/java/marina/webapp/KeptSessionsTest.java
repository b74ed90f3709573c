package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import marina.config.EeLevel;
import marina.config.SessionPlace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What a visitor finds in the session after the application has stopped, was replaced, or has run twice. */
class KeptSessionsTest {
    /** {@code ?set=NAME=TEXT}, {@code ?add=TEXT}: into a list inside the session, {@code ?end}, {@code ?renew}; prints all. */
    private static final String NOTES =
            """
            HttpSession s = q.getSession(q.getParameter("peek") == null);
            PrintWriter w = a.getWriter();
            if (s == null) { w.print("none"); return; }
            String gate = q.getParameter("wait");
            String set = q.getParameter("set");
            if (set != null) s.setAttribute(set.split("=")[0], set.split("=")[1]);
            if (gate != null) while (!new File(gate).exists()) Thread.sleep(20);
            String add = q.getParameter("add");
            if (add != null) {
                if (s.getAttribute("cart") == null) s.setAttribute("cart", new Cart());
                ((Cart) s.getAttribute("cart")).items.add(add);
            }
            if (q.getParameter("bad") != null) { s.setAttribute("bad", new Object()); s.setAttribute("bad2", new Object()); }
            String bell = q.getParameter("bell");
            if (bell != null) { s.setMaxInactiveInterval(1); s.setAttribute("bell", new Bell(bell)); }
            if (q.getParameter("renew") != null) q.changeSessionId();
            if (q.getParameter("end") != null) { s.invalidate(); w.print("ended"); return; }
            Map<String, Object> all = new TreeMap<>();
            for (String n : Collections.list(s.getAttributeNames())) if (n.indexOf('.') < 0 && !n.startsWith("bad")) all.put(n, s.getAttribute(n));
            w.print(all);
            """;

    private static final String CART =
            """
            package app;
            import java.util.*; import $API.servlet.http.*;
            public class Cart implements java.io.Serializable, HttpSessionActivationListener {
                private static final long serialVersionUID = VERSION;
                List<String> items = new ArrayList<>();
                public void sessionWillPassivate(HttpSessionEvent e) { items.add("left"); }
                public void sessionDidActivate(HttpSessionEvent e) { items.add("came"); }
                public String toString() { return items.toString(); }
            }
            """;

    private static final String BELL =
            """
            package app;
            import java.io.*; import $API.servlet.http.*;
            public class Bell implements Serializable, HttpSessionBindingListener {
                private final String file;
                public Bell(String file) { this.file = file; }
                public void valueUnbound(HttpSessionBindingEvent e) {
                    try { new File(file).createNewFile(); } catch (IOException x) { throw new UncheckedIOException(x); }
                }
                public String toString() { return "bell"; }
            }
            """;

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private HostUnderTest host;

    private HttpClient browser = newBrowser();

    @BeforeEach
    void start() throws Exception {
        host = new HostUnderTest(base);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static HttpClient newBrowser() {
        return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }

    private Path archive(EeLevel level, String version) throws IOException {
        return new TestWar(level, base)
                .type("app.Cart", CART.replace("VERSION", version))
                .type("app.Bell", BELL)
                .type("app.Do", servlet(NOTES), classes())
                .pack("notes.war");
    }

    /** Where {@link TestWar} has put what it has compiled. */
    private String classes() throws IOException {
        try (var folders = Files.list(base)) {
            return String.join(
                    ":",
                    folders.filter(folder -> Files.exists(folder.resolve("app/Cart.class"))
                                    || Files.exists(folder.resolve("app/Bell.class")))
                            .map(Path::toString)
                            .toList());
        }
    }

    private String get(String path) throws Exception {
        return getAsync(path).get();
    }

    private CompletableFuture<String> getAsync(String path) {
        return browser.sendAsync(
                        HttpRequest.newBuilder(host.uri("http", path)).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE9", "EE10", "EE11"})
    void outliveTheApplication(EeLevel level) throws Exception {
        WarSettings settings = host.settings("/sam/list1", archive(level, "1"));
        HostedWar first = host.start(settings);
        assertThat(get("/sam/list1/do?set=user=sam")).isEqualTo("{user=sam}");
        assertThat(get("/sam/list1/do?add=tea")).isEqualTo("{cart=[tea], user=sam}");
        assertThat(get("/sam/list1/do?add=milk")).isEqualTo("{cart=[tea, milk], user=sam}");
        host.stop(first);
        HostedWar second = host.start(settings);
        assertThat(get("/sam/list1/do?peek"))
                .as("the attribute hears of stop and start")
                .isEqualTo("{cart=[tea, milk, left, came], user=sam}");
        assertThat(get("/sam/list1/do?renew")).as("another id").contains("user=sam");
        assertThat(get("/sam/list1/do?peek")).contains("user=sam");
        host.stop(second);
        host.start(settings);
        assertThat(get("/sam/list1/do?peek")).contains("tea, milk").contains("user=sam");
        assertThat(get("/sam/list1/do?end")).isEqualTo("ended");
        assertThat(get("/sam/list1/do?peek")).isEqualTo("none");
    }

    @Test
    void outliveACrash() throws Exception {
        WarSettings settings = host.settings("/a", archive(EeLevel.EE10, "1"));
        host.start(settings);
        get("/a/do?set=user=sam");
        get("/a/do?add=tea");
        // A second server finds what is on the disk while the first one has stopped nothing.
        try (HostUnderTest other = new HostUnderTest(base)) {
            other.start(other.settings("/a", base.resolve("notes.war")));
            HttpRequest request =
                    HttpRequest.newBuilder(other.uri("http", "/a/do?peek")).build();
            assertThat(browser.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("{cart=[tea, came], user=sam}");
        }
    }

    @Test
    void twoGenerationsPutTheirChangesTogether() throws Exception {
        WarSettings settings = host.settings("/a", archive(EeLevel.EE10, "1"));
        HostedWar old = host.start(settings);
        get("/a/do?set=user=sam");
        Path gate = base.resolve("gate");
        CompletableFuture<String> slow = getAsync("/a/do?set=old=1&add=slow&wait=" + gate);
        awaitAttribute("old");
        host.unmount(old);
        HostedWar fresh = host.start(settings);
        assertThat(get("/a/do?peek"))
                .as("what the unfinished request has set is not known yet")
                .contains("user=sam");
        get("/a/do?set=new=2");
        Files.createFile(gate);
        assertThat(slow.get()).contains("old=1");
        host.stop(old);
        assertThat(get("/a/do?peek"))
                .contains("user=sam")
                .contains("old=1")
                .contains("new=2")
                .contains("slow");
        host.stop(fresh);
    }

    /** Until the slow request is inside the application. */
    private void awaitAttribute(String name) {
        await().atMost(Duration.ofSeconds(20)).until(() -> get("/a/do?peek").contains(name + "="));
    }

    @Test
    void whoLogsOutWhileTheOldGenerationIsStillBusyStaysLoggedOut() throws Exception {
        WarSettings settings = host.settings("/a", archive(EeLevel.EE10, "1"));
        HostedWar old = host.start(settings);
        get("/a/do?set=user=sam");
        Path gate = base.resolve("gate");
        CompletableFuture<String> slow = getAsync("/a/do?set=old=1&wait=" + gate);
        awaitAttribute("old");
        host.unmount(old);
        host.start(settings);
        assertThat(get("/a/do?end")).isEqualTo("ended");
        Files.createFile(gate);
        slow.get();
        host.stop(old);
        assertThat(get("/a/do?peek")).isEqualTo("none");
    }

    @Test
    void aChangedClassCostsTheSessionAndNothingElse() throws Exception {
        HostedWar first = host.start(host.settings("/a", archive(EeLevel.EE10, "1")));
        get("/a/do?add=tea");
        host.stop(first);
        List<ILoggingEvent> log = logged(() -> {
            host.start(host.settings("/a", archive(EeLevel.EE10, "2")));
            assertThat(get("/a/do?peek")).isEqualTo("none");
            assertThat(get("/a/do?add=milk")).isEqualTo("{cart=[milk]}");
        });
        assertThat(log)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith(
                        "Context /a: a session was dropped: its attribute \"cart\" cannot be read by this version of the"
                                + " application (java.io.InvalidClassException: app.Cart;");
    }

    @Test
    void whatCannotBeSerializedIsNamedOnceAndCostsOnlyItself() throws Exception {
        WarSettings settings = host.settings("/a", archive(EeLevel.EE10, "1"));
        HostedWar first = host.start(settings);
        List<ILoggingEvent> log = logged(() -> {
            get("/a/do?bad&set=user=sam");
            get("/a/do?set=more=1");
        });
        assertThat(log)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .contains("of class java.lang.Object is kept in memory only");
        host.stop(first);
        host.start(settings);
        assertThat(get("/a/do?peek")).isEqualTo("{more=1, user=sam}");
    }

    @Test
    void lieWhereOnlyTheirOwnerCanReadThem() throws Exception {
        host.start(host.settings("/sam/list1", archive(EeLevel.EE10, "1")));
        get("/sam/list1/do?set=user=sam");
        Path folder = base.resolve("data/sessions/sam#list1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(HostUnderTest.below(folder, 1)).singleElement().satisfies(file -> {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(file.getFileName().toString()).matches("[0-9a-f]{64}\\.session");
        });
    }

    @Test
    void sessionsOfNestedMountsDoNotMix() throws Exception {
        Path archive = archive(EeLevel.EE10, "1");
        List<String> paths = List.of("/", "/sam", "/sam/list1");
        for (String path : paths) {
            host.start(host.settings(path, archive));
        }
        for (String path : paths) {
            get(place(path) + "/do?set=at=" + path);
        }
        for (String path : paths) {
            assertThat(get(place(path) + "/do?peek")).isEqualTo("{at=" + path + "}");
        }
        assertThat(get("/sam/do?end")).isEqualTo("ended");
        assertThat(get("/do?peek")).isEqualTo("{at=/}");
        assertThat(get("/sam/list1/do?peek")).isEqualTo("{at=/sam/list1}");
    }

    private static String place(String path) {
        return path.equals("/") ? "" : path;
    }

    /** The one while the application runs, the other while it does not: then it hears of it after its next start. */
    @Test
    void endWhenTheirTimeIsOver() throws Exception {
        WarSettings settings = host.settings("/a", archive(EeLevel.EE10, "1"));
        HostedWar first = host.start(settings);
        get("/a/do?set=user=sam&bell=" + base.resolve("rung1"));
        await().atMost(Duration.ofSeconds(40)).until(() -> Files.exists(base.resolve("rung1")));
        assertThat(get("/a/do?peek")).isEqualTo("none");
        get("/a/do?set=user=sam&bell=" + base.resolve("rung2"));
        host.stop(first);
        host.close();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> !Files.exists(base.resolve("rung2")));
        host = new HostUnderTest(base);
        host.start(host.settings("/a", base.resolve("notes.war")));
        await().atMost(Duration.ofSeconds(40)).until(() -> Files.exists(base.resolve("rung2")));
        assertThat(base.resolve("data/sessions/a")).isEmptyDirectory();
    }

    @Test
    void outliveTheApplicationInItsOwnDatabase() throws Exception {
        WarSettings kept = host.settings("/a", archive(EeLevel.EE10, "1"));
        WarSettings settings = new WarSettings(
                kept.contextPath(),
                kept.archive(),
                kept.level(),
                kept.entries(),
                kept.database(),
                SessionPlace.DATABASE,
                kept.base());
        HostedWar first = host.start(settings);
        assertThat(get("/a/do?set=user=sam&add=tea")).isEqualTo("{cart=[tea], user=sam}");
        get("/a/do?add=milk");
        host.stop(first);
        host.start(settings);
        assertThat(get("/a/do?peek")).isEqualTo("{cart=[tea, milk, left, came], user=sam}");
        assertThat(get("/a/do?renew")).contains("user=sam");
        assertThat(base.resolve("data/sessions")).doesNotExist();
        assertThat(rows()).isEqualTo(1);
        assertThat(get("/a/do?end")).isEqualTo("ended");
        assertThat(get("/a/do?peek")).isEqualTo("none");
        assertThat(rows()).isZero();
        get("/a/do?set=user=sam&bell=" + base.resolve("rung"));
        await().atMost(Duration.ofSeconds(40)).until(() -> Files.exists(base.resolve("rung")));
        assertThat(rows()).isZero();
    }

    private int rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("data/a.db"));
                ResultSet rows = connection.createStatement().executeQuery("SELECT count(*) FROM marina_sessions")) {
            return rows.getInt(1);
        }
    }

    @Test
    void anEmptySessionIsWorthNoFile() throws Exception {
        host.start(host.settings("/a", archive(EeLevel.EE10, "1")));
        assertThat(get("/a/do")).isEqualTo("{}");
        assertThat(base.resolve("data/sessions")).doesNotExist();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static List<ILoggingEvent> logged(Work work) throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("marina.session");
        log.start();
        logger.addAppender(log);
        try {
            work.run();
        } finally {
            logger.detachAppender(log);
        }
        return log.list;
    }
}
