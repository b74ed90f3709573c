package marina.export;

import java.net.URI;
import java.util.List;
import marina.config.PublicConfig;

/** Which file of the public folder will answer a path. Pure. */
final class PageName {
    private PageName() {}

    /**
     * The file, relative to the folder.
     *
     * @param url whose path is asked for
     * @param base what is taken off the path; empty for nothing
     * @throws ExportException when no file would ever answer it, or the file would not lie in the folder
     */
    static String of(URI url, String base, PublicConfig files) throws ExportException {
        if (url.getRawQuery() != null) {
            throw new ExportException("files are found by their path alone; leave out the query");
        }
        String raw = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String whole = url.getPath() == null || url.getPath().isEmpty() ? "/" : url.getPath();
        String path = whole.startsWith(base + "/") ? whole.substring(base.length()) : whole;
        if (raw.toLowerCase(java.util.Locale.ROOT).contains("%2f") || raw.contains(";") || !isPlain(path)) {
            throw new ExportException("no public file can have such a path");
        }
        List<String> names = files.tryFiles();
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (last.isEmpty()) {
            return path.substring(1) + first(names, false, "index.html");
        }
        if (last.indexOf('.') >= 0) {
            if (!PublicSite.isAllowed(files, path)) {
                throw new ExportException("public.extensions does not name its extension");
            }
            return path.substring(1);
        }
        return path.substring(1) + first(names, true, ".html");
    }

    private static String first(List<String> names, boolean suffix, String example) throws ExportException {
        return names.stream()
                .filter(name -> name.startsWith(".") == suffix)
                .findFirst()
                .orElseThrow(() ->
                        new ExportException("its file would not be found; add " + example + " to public.try_files"));
    }

    /** No dot segments, hidden names, empty segments, or what some platform takes for a separator. */
    private static boolean isPlain(String path) {
        return path.startsWith("/")
                && !path.contains("//")
                && !path.contains("/.")
                && path.indexOf('\\') < 0
                && path.indexOf(':') < 0
                && path.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd);
    }
}
