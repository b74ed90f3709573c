package marina.files;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;

/**
 * A folder whose files are answered below a path. Hidden files (a segment that begins with a dot, other than
 * {@code .well-known} of RFC 8615) do not exist for it, nor does what a link leads to out of the folder. Thread-safe; blocks
 * no caller but that of {@link #serves}.
 */
public final class FileSite {
    private static final String WELL_KNOWN = "/.well-known/";

    private final FileStore store;
    private final Settings settings;
    private final StatusAnswer errors;
    private final FileReader reader;
    private final List<String> names;
    private final List<String> suffixes;

    /**
     * What is served, and how.
     *
     * @param directory the folder
     * @param prefix what is taken off paths that begin with it, without a slash at the end; empty for nothing
     * @param extensions in lower case; none means all files
     * @param tryFiles for paths without extension: names in the folder that the path names, or suffixes that begin with a dot
     * @param trailingSlash whether a folder without its slash is redirected, when one of the names is in it
     * @param cache Cache-Control by path
     * @param compresses whether small files of text are compressed
     */
    public record Settings(
            Path directory,
            String prefix,
            Set<String> extensions,
            List<String> tryFiles,
            boolean trailingSlash,
            CacheRules cache,
            boolean compresses) {
        /** Copies its collections. */
        public Settings {
            extensions = Set.copyOf(extensions);
            tryFiles = List.copyOf(tryFiles);
        }
    }

    /**
     * A site; costs nothing until it is asked.
     *
     * @param errors answers where a file has gone, or a condition fails
     */
    public FileSite(FileStore store, Settings settings, StatusAnswer errors) {
        this.store = store;
        this.settings = settings;
        this.errors = errors;
        this.reader = new FileReader(settings.directory(), settings.compresses());
        this.names = settings.tryFiles().stream()
                .filter(name -> !name.startsWith("."))
                .toList();
        this.suffixes = settings.tryFiles().stream()
                .filter(name -> name.startsWith("."))
                .toList();
    }

    /**
     * Whether GET of this path is answered with a file. Asks the disk when it has not done so just before.
     *
     * @param canonicalPath as the front door makes it
     */
    public boolean serves(String canonicalPath) {
        String path = withinSite(canonicalPath);
        if (path == null) {
            return false;
        }
        Lookup known = store.remembered(this, path);
        return (known == null ? store.lookUp(this, path) : known).file() != null;
    }

    /**
     * Answers GET and HEAD of what is there, and passes on the rest, at once or later on a thread of the pool.
     *
     * @return what {@code next} returned, or true
     */
    public boolean handle(Request request, Response response, Callback callback, Request.Handler next)
            throws Exception {
        String canonical = request.getHttpURI().getCanonicalPath();
        String path = isRead(request) && canonical != null ? withinSite(canonical) : null;
        if (path == null) {
            return next.handle(request, response, callback);
        }
        Lookup known = store.remembered(this, path);
        if (known == null) {
            store.executor().execute(() -> lookUp(path, new Exchange(request, response, callback), next));
            return true;
        }
        if (known.isMissing()) {
            return next.handle(request, response, callback);
        }
        answer(known, path, new Exchange(request, response, callback));
        return true;
    }

    private void lookUp(String path, Exchange exchange, Request.Handler next) {
        try {
            Lookup found = store.lookUp(this, path);
            if (!found.isMissing()) {
                answer(found, path, exchange);
            } else if (!next.handle(exchange.request(), exchange.response(), exchange.callback())) {
                exchange.error(errors, HttpStatus.NOT_FOUND_404);
            }
        } catch (Exception | Error e) {
            Response.writeError(exchange.request(), exchange.response(), exchange.callback(), e);
        }
    }

    private void answer(Lookup found, String path, Exchange exchange) {
        StoredFile file = found.file();
        if (file == null) {
            redirectToSlash(exchange);
            return;
        }
        String canonical = exchange.request().getHttpURI().getCanonicalPath();
        boolean shared = Request.getAuthenticationState(exchange.request()).getUserPrincipal() == null;
        exchange.response()
                .getHeaders()
                .put(settings.cache().field(canonical == null ? path : canonical, path, shared));
        new FileAnswer(exchange, errors, store.executor()).send(file);
    }

    /** 301 (RFC 9110 section 15.4.2) with the query, to a path: no host is needed (RFC 9110 section 10.2.2). */
    private static void redirectToSlash(Exchange exchange) {
        String path = URIUtil.encodePath(decoded(exchange.request().getHttpURI().getCanonicalPath())) + "/";
        String query = exchange.request().getHttpURI().getQuery();
        Response response = exchange.response();
        response.setStatus(HttpStatus.MOVED_PERMANENTLY_301);
        response.getHeaders().put(HttpHeader.LOCATION, query == null ? path : path + "?" + query);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        response.write(true, null, exchange.callback());
    }

    /** Asks the disk where a path leads. May block. */
    Lookup search(String path, @Nullable StoredFile known) {
        int slash = path.lastIndexOf('/');
        // One look for most paths of applications, whose folder is not here.
        if (slash > 0 && !reader.isDirectory(path.substring(0, slash))) {
            return Lookup.missing();
        }
        StoredFile file = null;
        if (slash == path.length() - 1) {
            for (int i = 0; i < names.size() && file == null; i++) {
                file = reader.read(path + names.get(i), known);
            }
            return file == null ? Lookup.missing() : Lookup.found(file);
        }
        if (isAllowed(path)) {
            file = reader.read(path, known);
        }
        if (file == null && isFolderWithIndex(path)) {
            return Lookup.redirected();
        }
        boolean bare = path.indexOf('.', slash) < 0;
        for (int i = 0; bare && i < suffixes.size() && file == null; i++) {
            file = reader.read(path + suffixes.get(i), known);
        }
        return file == null ? Lookup.missing() : Lookup.found(file);
    }

    private boolean isFolderWithIndex(String path) {
        return settings.trailingSlash()
                && !names.isEmpty()
                && reader.isDirectory(path)
                && names.stream().anyMatch(name -> reader.isFile(path + "/" + name));
    }

    private boolean isAllowed(String path) {
        if (settings.extensions().isEmpty()) {
            return true;
        }
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (settings.extensions().contains(name.substring(dot + 1))) {
                return true;
            }
        }
        return false;
    }

    /** The path to look for, decoded and without the prefix; null when no file of any site has such a name. */
    private @Nullable String withinSite(String canonical) {
        if (!canonical.startsWith("/") || isAmbiguous(canonical) || isHidden(canonical)) {
            return null;
        }
        String prefix = settings.prefix();
        boolean leads = canonical.startsWith(prefix)
                && (canonical.length() == prefix.length() || canonical.charAt(prefix.length()) == '/');
        String path = decoded(leads ? canonical.substring(prefix.length()) : canonical);
        return path.isEmpty() || isAmbiguous(path) || isHidden(path) ? null : path;
    }

    /**
     * An encoded slash, which is no separator and in no name; what some platforms take for a separator; and an empty
     * segment, which would make the rest an absolute path.
     */
    private static boolean isAmbiguous(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c < ' ' || c == 0x7f || c == '\\') {
                return true;
            }
            if ((c == '%' && path.regionMatches(true, i, "%2f", 0, 3)) || (c == '/' && path.startsWith("//", i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHidden(String path) {
        for (int at = path.indexOf("/."); at >= 0; at = path.indexOf("/.", at + 1)) {
            if (!path.startsWith(WELL_KNOWN, at)) {
                return true;
            }
        }
        return false;
    }

    /** Jetty keeps more encoded than what would mean something else: blanks, brackets, the question mark. */
    private static String decoded(String canonical) {
        return canonical.indexOf('%') < 0 ? canonical : URIUtil.decodePath(canonical);
    }

    private static boolean isRead(Request request) {
        return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    }
}
