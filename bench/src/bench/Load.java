package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generators: wrk for HTTP/1.1, h2load for HTTP/2, {@link Sockets} for WebSockets. */
final class Load {
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in");
    private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern H2_RATE = Pattern.compile("finished in [\\d.]+\\w*, ([\\d.]+) req/s");
    private static final Pattern H2_TOTAL =
            Pattern.compile("requests: (\\d+) total, \\d+ started, \\d+ done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored");

    private Load() {}

    /** Load of one kind on one server for some seconds. */
    interface Kind {
        Sample run(Contestant server, double seconds) throws Exception;
    }

    static Kind get(String path, int connections) {
        return (server, seconds) -> wrk(server, connections, seconds, server.url(path), List.of());
    }

    /** Sends bodies of some bytes. */
    static Kind upload(Path work, String path, int bytes, int connections) {
        return (server, seconds) -> {
            Path script = work.resolve("upload-" + bytes + ".lua");
            Files.writeString(script, "wrk.method = \"POST\"\nwrk.body = string.rep(\"x\", " + bytes + ")\n");
            return wrk(server, connections, seconds, server.url(path), List.of("-s", script.toString()));
        };
    }

    private static Sample wrk(Contestant server, int connections, double seconds, String url, List<String> more)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "wrk",
                "--latency",
                "--timeout",
                "10s",
                "-t",
                "1",
                "-c",
                Integer.toString(connections),
                "-d",
                Math.max(1, Math.round(seconds)) + "s"));
        command.addAll(more);
        command.add(url);
        long before = server.child().cpuMicros();
        String text = Child.output(command, 60 + Math.round(seconds));
        long used = server.child().cpuMicros() - before;
        long errors = number(BAD, text, 1);
        for (int i = 1; i <= 4; i++) {
            errors += number(SOCKET_ERRORS, text, i);
        }
        return new Sample(decimal(RATE, text), p99(text), used / Math.max(1.0, number(TOTAL, text, 1)), errors);
    }

    /**
     * HTTP/2 over TLS: some connections with ten streams each. A number of requests, found by a short run, takes the place of a
     * time, because h2load 1.52 goes on for ever now and then when it is stopped by its clock.
     */
    static Kind h2(String path, int connections) {
        return (server, seconds) -> {
            long end = System.nanoTime() + Math.round(seconds * 1e9);
            Sample sample = h2(server, path, connections, 1000);
            double left = seconds;
            do { // at first it is slower, and would have too few of them
                sample = h2(server, path, connections, Math.max(1000, Math.round(sample.rate() * left)));
                left = (end - System.nanoTime()) / 1e9;
            } while (left > 0.3 * seconds || left > 2);
            return sample;
        };
    }

    private static Sample h2(Contestant server, String path, int connections, long requests) throws Exception {
        long before = server.child().cpuMicros();
        String text = h2load(server, path, connections, requests);
        long used = server.child().cpuMicros() - before;
        long good = number(H2_TOTAL, text, 2);
        long errors = number(H2_TOTAL, text, 3) + number(H2_TOTAL, text, 4);
        return new Sample(decimal(H2_RATE, text), Double.NaN, used / Math.max(1.0, good), errors);
    }

    private static String h2load(Contestant server, String path, int connections, long requests) throws Exception {
        String clients = Integer.toString(connections);
        String number = Long.toString(requests);
        return Child.output(List.of("h2load", "-t", "1", "-c", clients, "-m", "10", "-n", number, server.tlsUrl(path)), 60);
    }

    /** Round trips over many WebSockets that are open at once. */
    static Kind sockets(String path, int connections) {
        return (server, seconds) -> {
            long before = server.child().cpuMicros();
            Sockets.Trips trips = Sockets.run(server.port(), path, connections, seconds);
            long used = server.child().cpuMicros() - before;
            return new Sample(
                    trips.done() / seconds, trips.p99Millis(), used / Math.max(1.0, trips.done()), trips.lost());
        };
    }

    private static double p99(String text) {
        Matcher matcher = P99.matcher(text);
        if (!matcher.find()) {
            return Double.NaN;
        }
        double value = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> value / 1000;
            case "s" -> value * 1000;
            default -> value;
        };
    }

    private static long number(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(group)) : 0;
    }

    private static double decimal(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no rate in: " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
