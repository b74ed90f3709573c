package marina;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import ch.qos.logback.core.util.StatusPrinter2;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback as the {@code conf/logback.xml} that comes with Marina sets it up, without reading it: the XML and Logback's interpreter
 * of it take a tenth of a second of each start, and most operators leave the file as it is. SLF4J makes it, once, when
 * {@link Logging} says so; a test compares it with the file.
 */
public final class StandardLogging implements SLF4JServiceProvider {
    private static final String LINE = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %msg [%logger{20}, %thread]%n%ex";
    private static final List<String> WARNINGS = List.of("org.eclipse.jetty", "com.zaxxer.hikari");
    private static final List<String> LEVELS_OF_EE = List.of("ee8", "ee9", "ee10", "ee11");
    private static final List<String> ERRORS = List.of(
            "org.eclipse.jetty.util.component.ContainerLifeCycle",
            "org.apache.tomcat.util.descriptor.DigesterFactory",
            "org.eclipse.jetty.annotations.AnnotationParser");

    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();
    private final IMarkerFactory markers = new BasicMarkerFactory();

    /** For SLF4J, which asks for everything else. */
    public StandardLogging() {}

    @Override
    public void initialize() {
        context.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
        context.setMDCAdapter(diagnostics);
        configure(context, System.getProperty(Logging.DIRECTORY, "logs"), System.getProperty(Logging.CONSOLE, "ALL"));
        new StatusPrinter2().printInCaseOfErrorsOrWarnings(context);
        context.start();
    }

    /**
     * Does what the file does.
     *
     * @param directory of the files
     * @param console the least level that standard output gets
     */
    static void configure(LoggerContext context, String directory, String console) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(file(context, directory));
        root.addAppender(console(context, console));
        Logger access = context.getLogger("marina.access");
        access.setLevel(Level.OFF);
        access.setAdditive(false);
        WARNINGS.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        ERRORS.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        for (String level : LEVELS_OF_EE) {
            context.getLogger("org.eclipse.jetty." + level + ".webapp.WebAppContext")
                    .setLevel(Level.ERROR);
            context.getLogger("org.eclipse.jetty." + level + ".servlet.BaseHolder")
                    .setLevel(Level.ERROR);
        }
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, String directory) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(directory + "/marina.log");
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(directory + "/marina.%d{yyyy-MM-dd}.%i.log");
        rolling.setMaxFileSize(FileSize.valueOf("50MB"));
        rolling.setMaxHistory(30);
        rolling.setTotalSizeCap(FileSize.valueOf("500MB"));
        rolling.start();
        appender.setRollingPolicy(rolling);
        appender.setEncoder(encoder(context));
        appender.start();
        return appender;
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, String least) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("console");
        ThresholdFilter filter = new ThresholdFilter();
        filter.setContext(context);
        filter.setLevel(least);
        filter.start();
        appender.addFilter(filter);
        appender.setEncoder(encoder(context));
        appender.start();
        return appender;
    }

    private static PatternLayoutEncoder encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        return encoder;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99"; // any 2.0
    }
}
