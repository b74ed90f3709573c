package marina.webapp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import marina.config.FileStamp;
import marina.config.WebConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's web.xml as it was last read: once for each content, however many WARs start. Thread-safe. */
final class OperatorDefaults {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorDefaults.class);

    private @Nullable Known known; // guarded by this

    /** What Jetty's defaults become is kept by level. */
    private record Known(Path file, FileStamp stamp, DefaultWebXml xml, Map<String, String> merged) {}

    /**
     * Whether the files of folders are listed: as the context says, else as the web.xml does, else not.
     *
     * @throws IOException when the file cannot be read
     */
    boolean listings(WebConfig web) throws IOException {
        boolean absent = web.hasDefaults() && read(web).xml.listings();
        return web.listings().orElse(absent);
    }

    /**
     * Writes the defaults of a level with those of the operator on top.
     *
     * @param own name of Jetty's
     * @param loader of the level, where that lies
     * @param target is written
     * @throws IOException when a file cannot be read or written
     */
    void write(WebConfig web, String own, ClassLoader loader, Path target) throws IOException {
        Known current = read(web);
        String text = current.merged.get(own);
        if (text == null) {
            try (InputStream content = loader.getResourceAsStream(own)) {
                if (content == null) {
                    throw new IOException(own + " is missing in " + loader);
                }
                text = current.xml.over(content);
                current.merged.put(own, text);
            }
        }
        Files.writeString(target, text);
    }

    private synchronized Known read(WebConfig web) throws IOException {
        Known last = known;
        if (last != null && last.file.equals(web.defaults()) && last.stamp.equals(web.defaultsStamp())) {
            return last;
        }
        DefaultWebXml xml = DefaultWebXml.read(web.defaults());
        Known fresh = new Known(web.defaults(), web.defaultsStamp(), xml, new ConcurrentHashMap<>());
        known = fresh;
        if (!xml.ignored().isEmpty()) {
            LOG.info("{}: Marina has its own in place of {}", web.defaults(), String.join(", ", xml.ignored()));
        }
        return fresh;
    }
}
