package marina;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import marina.config.LogConfig;
import org.slf4j.LoggerFactory;

/** How the server's own log begins: as {@code conf/logback.xml} says. */
final class Logging {
    /** System property for {@code conf/logback.xml}: where all log files lie. */
    static final String DIRECTORY = "marina.log.directory";

    /** System property for {@code conf/logback.xml}: the least level that standard output gets. */
    static final String CONSOLE = "marina.log.console";

    private static final String FORMAT = "marina.log.format";
    private static final String FILE_OF_LOGBACK = "logback.configurationFile";
    private static final String PROVIDER = "slf4j.provider";
    private static final String TALK_OF_SLF4J = "slf4j.internal.verbosity";

    private Logging() {}

    /**
     * Begins; no logger may have been made before. Of what Logback and SLF4J are told by system properties nothing is left
     * behind, because those in web applications would read it as well.
     *
     * @param settings of Logback; those that come with Marina are known and not read
     * @param background whether standard output gets nothing
     */
    static void start(Path settings, LogConfig log, boolean background) {
        boolean json = log.format() == LogConfig.Format.JSON;
        System.setProperty(DIRECTORY, log.directory().toString());
        System.setProperty(FORMAT, json ? "json" : "text");
        System.setProperty(CONSOLE, background ? "OFF" : "ALL");
        if (!json && isStandard(settings)) {
            System.clearProperty(FILE_OF_LOGBACK);
            System.setProperty(PROVIDER, StandardLogging.class.getName());
            System.setProperty(TALK_OF_SLF4J, "WARN"); // else it tells that it has been told
        } else {
            System.setProperty(FILE_OF_LOGBACK, settings.toUri().toString());
        }
        var unused = LoggerFactory.getILoggerFactory();
        System.clearProperty(FILE_OF_LOGBACK);
        System.clearProperty(PROVIDER);
        System.clearProperty(TALK_OF_SLF4J);
    }

    private static boolean isStandard(Path settings) {
        try {
            return Arrays.equals(Files.readAllBytes(settings), standard());
        } catch (IOException e) {
            return false; // Logback will say what is wrong with it
        }
    }

    /** The {@code conf/logback.xml} that {@link StandardLogging} knows. */
    static byte[] standard() {
        try (InputStream in = Logging.class.getResourceAsStream("logback.xml")) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
