package marina.webapp;

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
        return NotesWar.pack(base, level, version);
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
        Path folder = base.resolve("data/sessions/a"); // taken away when it is empty, sooner or later
        assertThat(folder.toFile().listFiles()).isNullOrEmpty();
    }

    @Test
    void outliveTheApplicationInItsOwnDatabase() throws Exception {
        WarSettings kept = host.settings("/a", archive(EeLevel.EE10, "1"));
        WarSettings settings = new WarSettings(
                "/a", kept.archive(), kept.level(), kept.entries(), kept.database(), SessionPlace.DATABASE, base);
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
