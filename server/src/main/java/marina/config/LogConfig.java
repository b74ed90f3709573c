package marina.config;

import java.nio.file.Path;

/**
 * What is logged, how and where.
 *
 * @param format of logs/marina.log
 * @param access {@code combined}, {@code common}, {@code json}, {@code navigator}, {@code off} or a pattern, see
 *     {@link AccessPattern}
 * @param accessFile where those lines go
 * @param directory where all log files lie
 * @param vector who else gets the lines
 */
public record LogConfig(
        Format format, String access, AccessFileConfig accessFile, Path directory, VectorConfig vector) {
    /** JSON with the fields that Navigator writes. */
    public static final String NAVIGATOR = "navigator";

    /** The forms of a log line. */
    public enum Format {
        /** For people. */
        TEXT,
        /** One JSON object a line. */
        JSON
    }
}
