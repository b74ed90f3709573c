package marina.export;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import marina.config.Content;
import marina.config.ContextConfig;
import marina.config.PublicConfig;
import marina.config.ServerConfig;
import marina.files.MediaTypes;

/**
 * What pages refer to, each once: which of it is to be fetched, and what an answer must be so that a file can stand for it. There is
 * an end to it, whatever pages say. For one thread.
 */
final class Assets {
    static final String TOO_MUCH =
            "pages refer to more than 1000 files, or to more than 512 MB; fetch the pages one after the other";

    private static final int MOST = 1000;
    private static final long MOST_BYTES = 512L << 20;
    private static final Map<String, String> SAME = Map.of(
            "application/javascript", "text/javascript",
            "application/x-javascript", "text/javascript",
            "application/ecmascript", "text/javascript",
            "text/ecmascript", "text/javascript",
            "image/vnd.microsoft.icon", "image/x-icon",
            "application/font-woff", "font/woff",
            "application/font-woff2", "font/woff2");

    private final ServerConfig config;
    private final Set<URI> seen = new HashSet<>();
    private final Map<String, URI> byPath = new HashMap<>();
    private List<URI> waiting = new ArrayList<>();
    private Optional<URI> leftOut = Optional.empty();
    private int taken;
    private long bytes;

    Assets(ServerConfig config) {
        this.config = config;
    }

    /** A media type without parameters, one of several names of the same. */
    static String type(String contentType) {
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return SAME.getOrDefault(type, type);
    }

    /** Takes note of what some content refers to. */
    void add(List<URI> urls) {
        for (URI url : urls) {
            if (taken == MOST || bytes > MOST_BYTES) {
                leftOut = seen.contains(url) ? leftOut : Optional.of(url);
            } else if (seen.add(url)) {
                waiting.add(url);
                taken++;
            }
        }
    }

    /** Takes note of something that has been asked for already. */
    void asked(URI url) {
        seen.add(url);
    }

    /** The last one that is too much. */
    Optional<URI> leftOut() {
        return leftOut;
    }

    /** What is to be fetched now; empty at the end. */
    List<URI> next() {
        List<URI> next = waiting;
        waiting = new ArrayList<>();
        return next;
    }

    /** Takes note of the size of something fetched. */
    void count(byte[] content) {
        bytes += content.length;
    }

    /**
     * The address by whose path its file is found.
     *
     * @throws ExportException when no file may stand for it
     */
    URI plain(URI url) throws ExportException {
        String path = url.getRawPath();
        if (MediaTypes.extension(path).isEmpty()) {
            throw new ExportException("no file can stand for it, since its name has no extension");
        }
        if (MediaTypes.ofFile(path).isEmpty() || MediaTypes.ofFile(path).startsWith("text/html")) {
            throw new ExportException("the extension of its name says nothing of its type");
        }
        URI before = byPath.putIfAbsent(path, url);
        if (before != null) {
            throw new ExportException("pages refer to it as " + before + ", too, and files have no query");
        }
        return URI.create(url.getScheme() + "://" + url.getRawAuthority() + path);
    }

    /**
     * Whether a file that nobody has made here answers already: of the server, or of the context of the path.
     *
     * @param file where it would go
     */
    boolean isPublic(URI url, Path file, boolean ours) {
        return (Files.isRegularFile(file) && !ours) || isOfContext(url.getPath());
    }

    private boolean isOfContext(String path) {
        ContextConfig found = null;
        for (ContextConfig context : config.contexts().values()) {
            String prefix = prefix(context);
            boolean longer = found == null || prefix.length() > prefix(found).length();
            if (path.startsWith(prefix + "/") && longer) {
                found = context;
            }
        }
        if (found == null) {
            return false;
        }
        String rest = path.substring(prefix(found).length() + 1);
        boolean inFiles = found.content() instanceof Content.Files files && has(files.site(), rest);
        return inFiles || has(found.access().publicFiles(), rest);
    }

    private static String prefix(ContextConfig context) {
        return context.path().isRoot() ? "" : context.path().value();
    }

    private static boolean has(PublicConfig site, String rest) {
        return site.enabled() && Files.isRegularFile(site.directory().resolve(rest));
    }
}
