package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A web application that names a class which it does not have: one line of the log says so. */
@SuppressWarnings("NullAway.Init")
class MissingClassTest {
    private static final String ADVICE = "the class app.Nowhere is missing, which WEB-INF/web.xml names; put it into"
            + " WEB-INF/classes or a jar in WEB-INF/lib, or take it out of WEB-INF/web.xml";

    @TempDir
    Path base;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final LoggerContext shipped = new LoggerContext();

    /** Everything is listened to, and counts when conf/logback.xml lets it through. */
    @BeforeEach
    void listen() throws Exception {
        shipped.putProperty("marina.log.directory", base.resolve("logs").toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(shipped);
        configurator.doConfigure(Path.of(System.getProperty("marina.home"), "conf", "logback.xml")
                .toFile());
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void end() {
        root().detachAppender(log);
        shipped.stop();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private List<ILoggingEvent> warnings() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .filter(event -> shipped.getLogger(event.getLoggerName()).isEnabledFor(event.getLevel()))
                .toList();
    }

    private void start(EeLevel level, String part, TestWar war) throws Exception {
        String descriptor = ThreeWaysToSettingsTest.webXml(level).replace("</web-app>", part + "</web-app>");
        Files.createDirectories(base.resolve("webapps"));
        Files.copy(war.file("WEB-INF/web.xml", descriptor).pack("m.war"), base.resolve("webapps/m.war"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            assertThat(marina.get("/m/x").statusCode()).isEqualTo(503);
        }
    }

    private TestWar war(EeLevel level) throws Exception {
        return new TestWar(level, Files.createDirectories(base.resolve("scratch")));
    }

    @ParameterizedTest
    @CsvSource({
        "EE8, listener",
        "EE8, servlet",
        "EE8, filter",
        "EE9, filter",
        "EE11, servlet",
        "EE10, listener",
        "EE10, servlet",
        "EE10, filter"
    })
    void oneLineSaysWhatAndWhereAndWhatToDo(EeLevel level, String kind) throws Exception {
        String type = "<" + kind + "-class>app.Nowhere</" + kind + "-class>";
        String name = "<" + kind + "-name>x</" + kind + "-name>";
        String part = kind.equals("listener")
                ? "<listener>" + type + "</listener>"
                : "<" + kind + ">" + name + type + "</" + kind + "><" + kind + "-mapping>" + name
                        + "<url-pattern>/x</url-pattern></" + kind + "-mapping>";
        start(level, part, war(level));
        assertThat(warnings()).allSatisfy(event -> {
            assertThat(event.getThrowableProxy())
                    .as(event.getFormattedMessage())
                    .isNull();
            assertThat(event.getFormattedMessage())
                    .startsWith("webapps/m.war: context /m failed: ")
                    .contains(ADVICE);
        });
        assertThat(warnings()).isNotEmpty();
    }
}
