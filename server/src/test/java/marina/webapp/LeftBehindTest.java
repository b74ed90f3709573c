package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.management.ManagementFactory;
import java.net.Authenticator;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogManager;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import marina.config.EeLevel;
import marina.leak.LeakGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a WAR that cleans up nothing leaves in the JVM. */
class LeftBehindTest {
    private static final String CARELESS =
            """
            package app;
            import java.io.*; import java.util.*; import java.util.logging.*; import java.lang.management.*;
            import javax.management.*; import $API.servlet.annotation.WebServlet; import $API.servlet.http.*;
            @WebServlet("/do")
            public class Careless extends HttpServlet {
                static final ThreadLocal<Object> MINE = new ThreadLocal<>();
                static final InheritableThreadLocal<Object> INHERITED = new InheritableThreadLocal<>();
                public interface CountMBean { int getCount(); }
                public static class Count implements CountMBean { public int getCount() { return 1; } }
                public interface Far extends java.rmi.Remote { void go() throws java.rmi.RemoteException; }
                public static class FarImpl implements Far { public void go() { } }
                public static class MyHandler extends Handler {
                    public void publish(LogRecord r) { } public void flush() { } public void close() { }
                }
                public static class MyAuthenticator extends java.net.Authenticator { }
                protected void doGet(HttpServletRequest q, HttpServletResponse a) throws IOException {
                    try {
                        switch (q.getParameter("what")) {
                            case "driver" -> Class.forName("app.OwnDriver");
                            case "timer" -> new Timer("busy-timer", true).schedule(new TimerTask() { public void run() { } }, 3600000);
                            case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> { }));
                            case "local" -> {
                                MINE.set(new ArrayList<>(List.of(new Count())));
                                INHERITED.set(new Count());
                                new ThreadLocal<Object>().set(new Count());
                                java.util.concurrent.TimeUnit.MILLISECONDS.sleep(100);
                            }
                            case "mbean" -> ManagementFactory.getPlatformMBeanServer().registerMBean(new Count(), new ObjectName("careless:type=Count"));
                            case "handler" -> Logger.getLogger("").addHandler(new MyHandler());
                            case "authenticator" -> java.net.Authenticator.setDefault(new MyAuthenticator());
                            case "rmi" -> java.rmi.server.UnicastRemoteObject.exportObject(new FarImpl(), 0);
                            case "serial" -> new ObjectOutputStream(OutputStream.nullOutputStream()).writeObject(new Written());
                            case "bundle" -> ResourceBundle.getBundle("app.words");
                            case "thread" -> new Thread(() -> {
                                try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { }
                            }, "careless-thread").start();
                        }
                    } catch (Exception e) { throw new IOException(e); }
                }
                static class Written implements Serializable { int number = 1; }
            }
            """;

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private HostUnderTest host;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LeakGuard.class);

    @BeforeEach
    void start() throws Exception {
        host = new HostUnderTest(base);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        host.close();
    }

    private void leave(String... things) throws Exception {
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.OwnDriver", RedeployTest.DRIVER)
                .type("app.Careless", CARELESS)
                .file("WEB-INF/classes/app/words.properties", "a=b")
                .pack("careless.war");
        HostedWar war = host.start(host.settings("/careless", archive));
        for (String thing : things) {
            assertThat(host.response("/careless/do?what=" + thing).statusCode()).isEqualTo(200);
        }
        host.stop(war);
    }

    private List<String> warnings() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void nothingIsHeld() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(host.leaks.find()).isEmpty());
    }

    @Test
    void aTidyWarIsNotMentioned() throws Exception {
        leave("serial", "bundle");
        assertThat(warnings()).isEmpty();
        nothingIsHeld();
    }

    @Test
    void driversAreUnregistered() throws Exception {
        leave("driver");
        assertThat(warnings())
                .singleElement()
                .asString()
                .startsWith("The web application [/careless] registered the JDBC driver [app.OwnDriver] but failed to"
                        + " unregister it when the web application was stopped.");
        nothingIsHeld();
        assertThat(DriverManager.drivers())
                .noneMatch(driver -> driver.getClass().getName().equals("app.OwnDriver"));
    }

    @Test
    void timersWithNothingButItsTasksAreCancelled() throws Exception {
        leave("timer");
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("[/careless] appears to have started a TimerThread named [busy-timer]", "forcibly canceled");
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("busy-timer"));
        nothingIsHeld();
    }

    @Test
    void shutdownHooksAreRemoved() throws Exception {
        leave("hook");
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("registered the shutdown hook [app.Careless$$Lambda");
        nothingIsHeld();
    }

    private void useFromSixThreadsAtOnce() throws Exception {
        Path archive =
                new TestWar(EeLevel.EE10, base).type("app.Careless", CARELESS).pack("local.war");
        HostedWar war = host.start(host.settings("/local", archive));
        List<CompletableFuture<Integer>> answers = IntStream.range(0, 6)
                .mapToObj(i -> host.client()
                        .sendAsync(
                                HttpRequest.newBuilder(host.uri("http", "/local/do?what=local"))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode))
                .toList();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
        host.stop(war);
    }

    @Test
    void threadLocalsOfAllThreadsOfThePoolAreCleaned() throws Exception {
        useFromSixThreadsAtOnce();
        assertThat(warnings())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("The web application [/local] created a ThreadLocal with key of type ["))
                .anySatisfy(line -> assertThat(line)
                        .contains("key of type [java.lang.ThreadLocal] and a value of type [java.util.ArrayList]")
                        .contains("Found in thread [", " more"));
        nothingIsHeld();
    }

    @Test
    void mbeansAreUnregistered() throws Exception {
        leave("mbean");
        assertThat(warnings()).singleElement().asString().contains("registered the MBean [careless:type=Count]");
        assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName("careless:type=Count")))
                .isFalse();
        nothingIsHeld();
    }

    @Test
    void logHandlersAreRemoved() throws Exception {
        leave("handler");
        assertThat(warnings()).singleElement().asString().contains("added the log handler [app.Careless$MyHandler]");
        assertThat(LogManager.getLogManager().getLogger("").getHandlers())
                .noneMatch(handler -> handler.getClass().getName().startsWith("app."));
        nothingIsHeld();
    }

    @Test
    void defaultsOfTheJvmAreTakenBack() throws Exception {
        leave("authenticator");
        assertThat(warnings()).singleElement().asString().contains("made [app.Careless$MyAuthenticator] the default");
        assertThat(Authenticator.getDefault()).isNull();
        nothingIsHeld();
    }

    @Test
    void rmiTargetsAreRemoved() throws Exception {
        leave("rmi");
        assertThat(warnings()).anyMatch(line -> line.startsWith("Found RMI Target of class [app.Careless$FarImpl]"));
        log.list.clear();
        leave("bundle"); // looks at all that is left in the JVM, as findLeaks does
        assertThat(host.leaks.find()).noneMatch(line -> line.contains("RMI target"));
    }

    @Test
    void whatCannotBeCleanedIsFoundUntilItEnds() throws Exception {
        leave("thread");
        assertThat(host.leaks.find())
                .singleElement()
                .asString()
                .startsWith("/careless (careless.war, stopped ")
                .endsWith("is held by thread \"careless-thread\"");
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("careless-thread"))
                .forEach(Thread::interrupt);
        nothingIsHeld();
    }
}
