package marina.files;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.MimeTypes;

/** Content types by extension, and which of them compress well. Pure. */
public final class MediaTypes {
    private static final String UTF_8 = "; charset=utf-8";

    /** What differs from, or is missing in, Jetty's table. */
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("avif", "image/avif"),
            Map.entry("cjs", "text/javascript"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("js", "text/javascript"),
            Map.entry("map", "application/json"),
            Map.entry("md", "text/markdown"),
            Map.entry("mjs", "text/javascript"),
            Map.entry("otf", "font/otf"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("vtt", "text/vtt"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"));

    private static final Set<String> COMPRESSIBLE = Set.of(
            "application/atom+xml",
            "application/graphql-response+json",
            "application/javascript",
            "application/json",
            "application/ld+json",
            "application/manifest+json",
            "application/rss+xml",
            "application/vnd.api+json",
            "application/wasm",
            "application/x-javascript",
            "application/xhtml+xml",
            "application/xml",
            "font/otf",
            "font/ttf",
            "image/bmp",
            "image/svg+xml",
            "image/x-icon");

    private MediaTypes() {}

    /** The Content-Type of a file, text with its charset; empty when nobody knows. */
    public static String ofFile(String name) {
        String extension = extension(name);
        if (extension.isEmpty()) {
            return "";
        }
        String type = OWN.get(extension);
        if (type == null) {
            type = MimeTypes.DEFAULTS.getMimeForExtension(extension);
        }
        if (type == null) {
            return "";
        }
        return type.startsWith("text/") && type.indexOf(';') < 0 ? type + UTF_8 : type;
    }

    /** What stands after the last dot of the last segment, in lower case; empty for none. */
    public static String extension(String path) {
        int dot = path.lastIndexOf('.');
        return dot < 0 || dot < path.lastIndexOf('/')
                ? ""
                : path.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * Whether content of this type becomes clearly smaller by compression. Not so {@code text/event-stream}: its events are
     * small, and must not wait for each other.
     *
     * @param contentType with or without parameters
     */
    public static boolean isCompressible(String contentType) {
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
        return type.startsWith("text/") ? !type.equals("text/event-stream") : COMPRESSIBLE.contains(type);
    }
}
