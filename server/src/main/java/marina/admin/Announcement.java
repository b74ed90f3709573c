package marina.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import marina.config.Directories;
import marina.server.MarinaServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code start} prints when the server serves: {@code run/started-PID}. The server writes it, and the script, which waits for it, prints and
 * deletes it: a second JVM that waits would take the processors from the one that it waits for.
 */
public final class Announcement {
    private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);
    private static final String NAME = "started-";

    /** So many are all listed; of more, the first ones. */
    private static final int MOST_CONTEXTS = 12;

    private static final int FEWER_CONTEXTS = 10;

    private Announcement() {}

    /** Writes it. When the disk is full it is empty, and the log says so; the server serves all the same. */
    public static void write(MarinaServer server) {
        Path run = server.directories().run();
        long pid = ProcessHandle.current().pid();
        try {
            delete(server.directories());
            Path draft = Files.writeString(run.resolve(NAME + pid + ".new"), text(server, pid));
            Files.move(draft, run.resolve(NAME + pid), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("Cannot write to {}: {}; \"start\" does not tell what Marina serves", run, e.toString());
            leaveEmpty(run.resolve(NAME + pid));
        }
    }

    /** That needs no space on the disk. */
    private static void leaveEmpty(Path file) {
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            LOG.warn(
                    "Cannot make {}: {}; \"start\" does not learn that Marina serves, and may be ended",
                    file,
                    e.toString());
        }
    }

    /** Deletes it, and those that nobody waited for. */
    public static void delete(Directories directories) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directories.run(), NAME + "*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.debug("{} stays as it is", directories.run(), e);
        }
    }

    private static String text(MarinaServer server, long pid) {
        StringWriter text = new StringWriter();
        Terminal lines = new Terminal(new PrintWriter(text), new PrintWriter(text));
        lines.say("Marina started: pid " + pid + ", "
                + server.urls().stream().map(URI::toString).collect(Collectors.joining(" ")));
        int count = server.host().contexts().size();
        lines.table(server.host().contexts().stream()
                .limit(count > MOST_CONTEXTS ? FEWER_CONTEXTS : MOST_CONTEXTS)
                .map(context ->
                        List.of("  " + server.url(context), context.status().description()))
                .toList());
        if (count > MOST_CONTEXTS) {
            lines.say("  and " + (count - FEWER_CONTEXTS) + " more; \"marina.sh contexts\" lists them all");
        }
        server.adminUrls().forEach(url -> lines.say("Console: " + url + "/console/"));
        return text.toString();
    }
}
