package marina.valve;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import marina.config.AccessConfig;
import marina.config.PublicConfig;
import marina.files.CacheRules;
import marina.files.FileSite;
import marina.files.FileStore;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers GET and HEAD from the files of a folder, before anybody else is asked; all else is passed on. Without a folder it
 * costs nothing. Thread-safe.
 */
public final class PublicFiles implements Valve {
    private final @Nullable FileSite site;

    /**
     * The public files of the server, or of a context.
     *
     * @param access says which
     * @param prefix what is taken off paths that begin with it: the server's base path, or the context path; empty for none
     * @param store remembers small files
     */
    public PublicFiles(AccessConfig access, String prefix, FileStore store, ErrorPage pages) {
        PublicConfig config = access.publicFiles();
        boolean compresses = access.delivery().compression();
        site = config.enabled() ? new FileSite(store, settings(config, prefix, compresses), pages::write) : null;
    }

    /**
     * Whether GET of a path is answered by a file, not by a redirect and not by what comes after. May ask the disk.
     *
     * @param canonicalPath as the front door makes it
     */
    public boolean serves(String canonicalPath) {
        return site != null && site.serves(canonicalPath);
    }

    /** Whether there is a folder. */
    public boolean enabled() {
        return site != null;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        return site == null ? next.handle(request, response, callback) : site.handle(request, response, callback, next);
    }

    /**
     * How a site serves what is configured.
     *
     * @param prefix what is taken off paths that begin with it; empty for none
     * @param compresses whether text is compressed for clients that accept it
     */
    public static FileSite.Settings settings(PublicConfig config, String prefix, boolean compresses) {
        List<CacheRules.Rule> rules = config.cache().stream()
                .map(rule -> new CacheRules.Rule(rule.prefix(), rule.maxAge(), rule.immutable()))
                .toList();
        return new FileSite.Settings(
                config.directory(),
                config.prefixOr(prefix),
                config.extensions().stream()
                        .map(extension -> extension.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()),
                config.tryFiles(),
                config.trailingSlash(),
                new CacheRules(rules),
                compresses);
    }
}
