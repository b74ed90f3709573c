package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.List;
import java.util.Optional;

/** Marina as a contestant, started from bin/ with a folder of its own, and Tomcat, against which it runs the servlet. */
final class Marinas {
    private Marinas() {}

    static Optional<Contestant> marina(Contestant.Course course) throws Exception {
        Path war = HelloWar.build(course.home(), course.folder("servlet"));
        int port = Child.freePort();
        int tls = Child.freePort();
        String conf =
                """
                listen:
                  - "127.0.0.1:%d"
                  - { host: 127.0.0.1, port: %d, tls: { certificate: "%s", key: "%s" } }
                log: { access: combined }
                contexts:
                  /: { upstream: "http://127.0.0.1:%d" }
                  /ws: { upstream: "http://127.0.0.1:%d/ws" }
                  /files: { files: "%s" }
                  /hello: { war: "%s", min_instances: 1 }
                """
                        .formatted(port, tls, course.certificate(), course.key(), course.upstream(), course.echo(), course.files(), war);
        return start("marina", course, conf, port, tls);
    }

    /** The same answer from the only context of a server. */
    static Optional<Contestant> single(String name, Contestant.Course course) throws Exception {
        int port = Child.freePort();
        return start(name, course, many(port, 1, 0, course.upstream()), port, -1);
    }

    /** And from the last of ten thousand, behind 400 routes. */
    static Optional<Contestant> thousands(String name, Contestant.Course course) throws Exception {
        int port = Child.freePort();
        return start(name, course, many(port, 10_000, 400, course.upstream()), port, -1);
    }

    /** A configuration of many contexts; the last of them is {@code /tenant/last}. */
    static String many(int port, int contexts, int routes, int upstream) {
        StringBuilder conf = new StringBuilder("listen: \"127.0.0.1:" + port + "\"\nlog: { access: combined }\n");
        if (routes > 0) {
            conf.append("routes:\n");
            for (int i = 0; i < routes; i++) {
                conf.append("  - { match: \"^/moved/(\\\\d+)/part").append(i).append("$\", redirect: \"/new/$1\" }\n");
            }
        }
        conf.append("contexts:\n");
        for (int i = 1; i < contexts; i++) {
            conf.append("  /tenant/t").append(i).append(": { upstream: \"http://127.0.0.1:").append(upstream).append("\" }\n");
        }
        return conf.append("  /tenant/last: { upstream: \"http://127.0.0.1:").append(upstream).append("\" }\n").toString();
    }

    static Optional<Contestant> start(String name, Contestant.Course course, String conf, int port, int tls)
            throws Exception {
        Path base = base(course, name, conf);
        List<String> command = List.of(course.home().resolve("bin/marina.sh").toString(), "run");
        return Competitors.started(name, base, environment(base), port, tls, command);
    }

    static Path base(Contestant.Course course, String name, String conf) throws IOException {
        Path base = course.folder(name);
        Files.createDirectories(base.resolve("conf"));
        Files.createDirectories(base.resolve("webapps"));
        Files.writeString(base.resolve("conf/server.yml"), conf);
        Path archives = archives(course);
        if (Files.isDirectory(archives) && !Files.exists(base.resolve("work/cds"))) {
            Files.createDirectories(base.resolve("work"));
            Files.createSymbolicLink(base.resolve("work/cds"), archives);
        }
        return base;
    }

    /**
     * Makes the archive of classes that a first start leaves for the ones after it, so that everybody here is as from the second
     * start on, and none is made in the background while others are measured.
     */
    static void archive(Contestant.Course course) throws Exception {
        Path base = base(course, "archive", "");
        Path output = base.resolve("archive.log");
        try (Child making = Child.start(output, environment(base), List.of(course.home() + "/bin/marina.sh", "archive"))) {
            making.awaitEnd(180);
        }
        if (!Files.isDirectory(archives(course))) {
            System.out.println("no archive of classes was made, starts are slower without: " + Files.readString(output));
        }
    }

    private static Path archives(Contestant.Course course) {
        return course.folder("archive").resolve("work/cds");
    }

    static Map<String, String> environment(Path base) {
        return Map.of("MARINA_BASE", base.toString(), "MARINA_ADMIN_LISTEN", "off");
    }

    /** Tomcat from the folder that TOMCAT names; empty without. */
    static Optional<Contestant> tomcat(Contestant.Course course) throws Exception {
        String home = System.getenv("TOMCAT");
        if (home == null) {
            return Optional.empty();
        }
        Path base = course.folder("tomcat");
        for (String folder : List.of("conf", "webapps", "logs", "temp", "work")) {
            Files.createDirectories(base.resolve(folder));
        }
        Files.copy(Path.of(home, "conf/web.xml"), base.resolve("conf/web.xml"));
        Files.copy(HelloWar.build(course.home(), course.folder("servlet-of-tomcat")), base.resolve("webapps/hello.war"));
        int port = Child.freePort();
        String server =
                """
                <Server port="-1"><Service name="Catalina">
                  <Connector port="%d" address="127.0.0.1" maxKeepAliveRequests="-1"/>
                  <Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps">
                    <Valve className="org.apache.catalina.valves.AccessLogValve" directory="logs" pattern="combined"/>
                  </Host></Engine>
                </Service></Server>
                """
                        .formatted(port);
        Files.writeString(base.resolve("conf/server.xml"), server);
        Map<String, String> environment =
                Map.of("CATALINA_HOME", home, "CATALINA_BASE", base.toString(), "JAVA_HOME", System.getProperty("java.home"));
        return Competitors.started("tomcat", base, environment, port, -1, List.of(home + "/bin/catalina.sh", "run"));
    }
}
