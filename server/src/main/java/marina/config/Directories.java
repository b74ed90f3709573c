package marina.config;

import java.nio.file.Path;

/**
 * The two roots of an instance, as CATALINA_HOME and CATALINA_BASE are in Tomcat.
 *
 * @param home the installation: lib, bin, and the fallback for conf/logback.xml
 * @param base the instance: conf, webapps, data, logs, run, work
 */
public record Directories(Path home, Path base) {

    /** Makes both absolute. */
    public Directories {
        home = home.toAbsolutePath().normalize();
        base = base.toAbsolutePath().normalize();
    }

    /** {@code conf} of the instance. */
    public Path conf() {
        return base.resolve("conf");
    }

    /** {@code webapps} of the instance. */
    public Path webapps() {
        return base.resolve("webapps");
    }

    /** {@code data} of the instance: what applications keep. */
    public Path data() {
        return base.resolve("data");
    }

    /** {@code run} of the instance: pid file, control socket, records of running processes. */
    public Path run() {
        return base.resolve("run");
    }

    /** {@code work} of the instance: unpacked archives; may be deleted while Marina is stopped. */
    public Path work() {
        return base.resolve("work");
    }

    /** {@code lib} of the installation. */
    public Path lib() {
        return home.resolve("lib");
    }

    /** A path as the operator would name it: relative to base where it lies below it. */
    public String display(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(base) ? base.relativize(absolute).toString() : absolute.toString();
    }
}
