package bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A server that takes part.
 *
 * @param name in the table
 * @param child its process
 * @param port of HTTP/1.1
 * @param tlsPort of TLS with HTTP/2; empty where it has none here
 */
record Contestant(String name, Child child, int port, Optional<Integer> tlsPort) implements AutoCloseable {

    /** Where the scenarios are found on each: {@code /} is the upstream, {@code /files/} the folder, {@code /ws} the echo. */
    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    String tlsUrl(String path) {
        return "https://127.0.0.1:" + tlsPort.orElseThrow() + path;
    }

    @Override
    public void close() {
        child.close();
    }

    /** What all of them are set up for. */
    record Course(Path home, Path work, int upstream, int echo, Path files, Path certificate, Path key) {
        Path folder(String name) {
            return work.resolve(name);
        }
    }

    /** Makes one ready. */
    interface Starter {
        /** Empty when it is not installed. */
        Optional<Contestant> start(Course course) throws Exception;
    }

    /** Nothing beside what the process inherits. */
    static Map<String, String> plain() {
        return Map.of();
    }
}
