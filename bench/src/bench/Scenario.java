package bench;

import java.nio.file.Path;
import java.util.List;

/**
 * A row of the table: one kind of load, on everybody who can.
 *
 * @param group for {@code --only}
 * @param reference whom Marina is compared with
 * @param must the least ratio of rates
 * @param goal the ratio that is aimed at
 * @param costs whether latency and processor time have marks of their own
 */
record Scenario(String group, String title, List<String> servers, String reference, double must, double goal, boolean costs, Load.Kind load) {
    private static final List<String> PROXIES = proxiesOf("upstream");
    private static final List<String> FILES = List.of("marina", "nginx", "caddy");

    /** Two JVMs of the same configuration differ by six percent, as their compilers decide; where the mark is closer, two of each are measured as one. */
    private static final String TWIN = "-b";

    static List<Scenario> all(Path work) {
        return List.of(
                proxy("proxy, 12 bytes, c=1", 0.85, 1.0, Load.get("/small", 1)),
                new Scenario("proxy", "proxy, 12 bytes, c=32", PROXIES, "nginx", 0.70, 1.0, true, Load.get("/small", 32)),
                proxy("proxy, 12 bytes, c=128", 0.60, 1.0, Load.get("/small", 128)),
                proxy("proxy, answers of 64 KB, c=16", 0.75, 1.0, Load.get("/64k", 16)),
                proxy("proxy, answers of 10 MB, c=4", 0.95, 1.0, Load.get("/10m", 4)),
                proxy("proxy, uploads of 10 MB, c=4", 0.90, 1.0, Load.upload(work, "/upload", 10 << 20, 4)),
                files("file of 1 KB, c=32", 0.70, Load.get("/files/1k", 32)),
                files("file of 100 KB, c=16", 0.80, Load.get("/files/100k", 16)),
                files("file of 10 MB, c=4", 0.95, Load.get("/files/10m", 4)),
                new Scenario("websocket", "WebSocket echo, 1,000 open", proxiesOf("echo"), "nginx", 0.8, 1.0, false, Load.sockets("/ws", 1000)),
                new Scenario("h2", "TLS and HTTP/2 proxy, 12 bytes, c=8 × 10", List.of("marina", "nginx", "haproxy", "caddy"),
                        "nginx", 0.5, 0.8, false, Load.h2("/small", 8)),
                new Scenario("servlet", "hosted servlet, 12 bytes, c=32", HelloWar.names(), "tomcat", 1.0, 1.3, false, Load.get("/hello/", 32)),
                new Scenario("scale", "last of 10,000 contexts and 400 routes, c=32", List.of("ten-thousand", "one", "ten-thousand" + TWIN, "one" + TWIN), "one", 0.95, 1.0, false,
                        Load.get("/tenant/last/small", 32)));
    }

    private static List<String> proxiesOf(String direct) {
        return List.of("marina", "nginx", "haproxy", "caddy", "navigator", direct);
    }

    private static Scenario proxy(String title, double must, double goal, Load.Kind load) {
        return new Scenario("proxy", title, PROXIES, "nginx", must, goal, false, load);
    }

    private static Scenario files(String title, double must, Load.Kind load) {
        return new Scenario("files", title, FILES, "nginx", must, 1.0, false, load);
    }

    /** What a server is, whichever of its kind. */
    static String kind(String server) {
        return server.endsWith(TWIN) ? server.substring(0, server.length() - TWIN.length()) : server;
    }

    /** Whether this one is what the proxies stand before, asked by the client itself. */
    static boolean isDirect(String server) {
        return server.equals("upstream") || server.equals("echo");
    }

    /** Whether the rounds of a kind of server count for the marks. */
    boolean decides(String server) {
        return server.equals(subject()) || server.equals(reference);
    }

    /** Who is measured here: Marina, whatever it is called. */
    String subject() {
        return servers.get(0);
    }
}
