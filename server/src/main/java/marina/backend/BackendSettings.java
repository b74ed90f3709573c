package marina.backend;

import java.time.Duration;

/**
 * How a backend behaves between its starts.
 *
 * @param name context path, for log lines; of a further instance with its number, see {@link #instanceName}
 * @param source where the operator wrote it, for the log line of a failure; empty when nobody did
 * @param idleTimeout it stops this long after the end of its last lease; zero means never
 * @param keep whether it runs even when nobody asks: started with the server, restarted after a crash, never idle
 */
public record BackendSettings(String name, String source, Duration idleTimeout, boolean keep) {

    /** Of a backend that stands in no file. */
    public BackendSettings(String name, Duration idleTimeout, boolean keep) {
        this(name, "", idleTimeout, keep);
    }

    /** What an instance of a context is called, the first being number 0: {@code /shop}, {@code /shop#2}, {@code /shop#3}. */
    public static String instanceName(String context, int index) {
        return index == 0 ? context : context + "#" + (index + 1);
    }

    /** The path of its context. */
    String context() {
        int number = name.indexOf('#');
        return number < 0 ? name : name.substring(0, number);
    }
}
