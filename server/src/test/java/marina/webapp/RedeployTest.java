package marina.webapp;

import static marina.webapp.TestWar.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import marina.config.EeLevel;
import marina.leak.LeakGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class RedeployTest {
    private static final int GENERATIONS = 12;

    static final String DRIVER =
            """
            package app;
            import java.sql.*; import java.util.*;
            public class OwnDriver implements Driver {
                static { try { DriverManager.registerDriver(new OwnDriver()); } catch (SQLException e) { throw new Error(e); } }
                public Connection connect(String url, Properties p) { return null; }
                public boolean acceptsURL(String url) { return false; }
                public DriverPropertyInfo[] getPropertyInfo(String url, Properties p) { return new DriverPropertyInfo[0]; }
                public int getMajorVersion() { return 1; }
                public int getMinorVersion() { return 0; }
                public boolean jdbcCompliant() { return false; }
                public java.util.logging.Logger getParentLogger() { return null; }
            }
            """;

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private HostUnderTest host;

    @BeforeEach
    void start() throws Exception {
        host = new HostUnderTest(base);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    /** With a pool in use, a driver of its own, a JSP page, and a session that has just been left. */
    @ParameterizedTest
    @EnumSource(names = {"EE8", "EE10"})
    void keepsNoGeneration(EeLevel level) throws Exception {
        Path archive = new TestWar(level, base)
                .type("app.OwnDriver", DRIVER)
                .type("app.Settings", ThreeWaysToSettingsTest.SERVLET)
                .type(
                        "app.Do",
                        servlet("Class.forName(\"app.OwnDriver\"); q.getSession(true).setAttribute(\"me\", this);"))
                .pack("leak.war");
        host.start(host.settings("/stays", archive, Map.of("GREETING", "x")));
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < GENERATIONS; i++) {
            HostedWar war = host.start(host.settings("/leak", archive, Map.of("GREETING", "x")));
            assertThat(host.get("/leak/settings")).contains("count=1");
            assertThat(host.response("/leak/do").statusCode()).isEqualTo(200);
            loaders.add(new WeakReference<>(HostUnderTest.handler(war).getClassLoader()));
            host.stop(war);
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            System.gc();
            assertThat(loaders).filteredOn(loader -> loader.get() != null).isEmpty();
        });
    }

    @Test
    void namesTheThreadsThatAWarLeavesRunning() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .type(
                        "app.Do",
                        servlet(
                                """
                                new Timer("left-timer", true);
                                Thread ending = new Thread(() -> {}, "ending");
                                ending.start();
                                Thread left = new Thread(() -> {
                                    try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { }
                                }, "left-thread");
                                left.setDaemon(true);
                                left.start();
                                """))
                .pack("threads.war");
        HostedWar war = host.start(host.settings("/threads", archive));
        assertThat(host.response("/threads/do").statusCode()).isEqualTo(200);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LeakGuard.class);
        log.start();
        logger.addAppender(log);
        host.stop(war);
        logger.detachAppender(log);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .anyMatch(
                        message -> message.startsWith("The web application [/threads] appears to have started a thread"
                                + " named [left-thread] but has failed to stop it."))
                .anyMatch(message -> message.startsWith(
                        "The web application [/threads] appears to have started a TimerThread named [left-timer]"));
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("left-thread"))
                .forEach(Thread::interrupt);
    }

    @Test
    void aReplacedArchiveTakesItsFilesAlongWhenTheLastUserStops() throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base).file("a.txt", "one").pack("a.war");
        HostedWar first = host.start(host.settings("/a", archive));
        HostedWar second = host.start(host.settings("/b", archive));
        new TestWar(EeLevel.EE10, base).file("a.txt", "a second one").pack("a.war");
        HostedWar third = host.start(host.settings("/c", archive));
        Path wars = base.resolve("work/wars");
        assertThat(HostUnderTest.below(wars, 1)).hasSize(2);
        host.stop(first);
        assertThat(host.get("/b/a.txt")).isEqualTo("one");
        host.stop(second);
        assertThat(HostUnderTest.below(wars, 1)).hasSize(1);
        assertThat(host.get("/c/a.txt")).isEqualTo("a second one");
        host.stop(third);
        assertThat(HostUnderTest.below(wars, 1)).as("kept for the next start").hasSize(1);
        Files.delete(archive);
    }
}
