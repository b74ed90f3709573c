package marina;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logging that is known without a look at conf/logback.xml. */
class StandardLoggingTest {
    private static final Path FILE = Path.of(System.getProperty("marina.home")).resolve("conf/logback.xml");

    @TempDir
    private Path logs;

    private final LoggerContext read = new LoggerContext();
    private final LoggerContext known = new LoggerContext();

    @AfterEach
    void stop() {
        read.stop();
        known.stop();
    }

    @Test
    void itIsThatOfTheFileThatComesWithMarina() throws Exception {
        read.putProperty(Logging.DIRECTORY, logs.toString());
        read.putProperty("marina.log.format", "text");
        read.putProperty(Logging.CONSOLE, "WARN");
        JoranConfigurator reader = new JoranConfigurator();
        reader.setContext(read);
        reader.doConfigure(FILE.toFile());

        StandardLogging.configure(known, logs.toString(), "WARN");

        List<String> expected = describe(read);
        assertThat(expected).hasSizeGreaterThan(30).anyMatch(line -> line.contains("maxFileSize 50 MB"));
        assertThat(describe(known)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theFileInTheProgramIsTheOneThatComesWithIt() throws Exception {
        assertThat(Logging.standard()).isEqualTo(Files.readAllBytes(FILE));
    }

    /** Loggers with a level of their own, and all of their appenders. */
    private static List<String> describe(LoggerContext context) throws ReflectiveOperationException {
        List<String> lines = new ArrayList<>();
        for (Logger logger : context.getLoggerList()) {
            lines.add(logger.getName() + " is " + logger.getLevel() + ", passes on: " + logger.isAdditive());
            for (Iterator<Appender<ILoggingEvent>> each = logger.iteratorForAppenders(); each.hasNext(); ) {
                lines.add(logger.getName() + " writes to " + describe(each.next()));
            }
        }
        return lines;
    }

    private static String describe(Appender<ILoggingEvent> appender) throws ReflectiveOperationException {
        StringBuilder text = new StringBuilder(
                appender.getName() + ", " + appender.getClass() + ", started: " + appender.isStarted());
        PatternLayoutEncoder encoder =
                (PatternLayoutEncoder) ((OutputStreamAppender<ILoggingEvent>) appender).getEncoder();
        text.append(", ").append(encoder.getPattern()).append(", ").append(encoder.getCharset());
        for (Filter<ILoggingEvent> filter : appender.getCopyOfAttachedFiltersList()) {
            text.append(", only ").append(filter.getClass()).append(" ").append(field(filter, "level"));
        }
        if (appender instanceof RollingFileAppender<ILoggingEvent> file) {
            SizeAndTimeBasedRollingPolicy<?> rolling = (SizeAndTimeBasedRollingPolicy<?>) file.getRollingPolicy();
            text.append(", ").append(file.getFile()).append(", appends: ").append(file.isAppend());
            text.append(", ").append(rolling.getFileNamePattern()).append(", ").append(rolling.getMaxHistory());
            text.append(", maxFileSize ").append(field(rolling, "maxFileSize"));
            text.append(", totalSizeCap ").append(field(rolling, "totalSizeCap"));
            text.append(", triggered by ").append(file.getTriggeringPolicy().getClass());
        }
        return text.toString();
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Class<?> type = owner.getClass();
        while (true) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(owner);
            } catch (NoSuchFieldException e) {
                type = type.getSuperclass();
                if (type == null) {
                    throw e;
                }
            }
        }
    }
}
