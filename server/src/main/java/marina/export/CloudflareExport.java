package marina.export;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.files.MediaTypes;

/**
 * A Worker of Cloudflare's that stands before Marina and decides as Marina would: {@code worker.js}, {@code wrangler.toml} for
 * it, {@code manifest.json} of the public files for R2, and {@code upload.sh}, which brings them there. Immutable.
 */
public final class CloudflareExport {
    /** Scripts of more than 1 MB are refused on the free plan, and the runtime counts a little more than we do. */
    private static final int LARGE = 900_000;

    /** What the Worker has been tried with. */
    private static final String COMPATIBILITY_DATE = "2025-09-01";

    private static final String BUCKET_BINDING = "BUCKET";

    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private int publicFiles;

    /**
     * What the configuration does not say.
     *
     * @param origin where Marina answers: scheme, host and perhaps port
     * @param app the Fly app that answers there, empty when it is none
     * @param name of the Worker
     * @param bucket of R2
     * @param domains host names that the Worker takes over; none for a name of Cloudflare's
     */
    public record Settings(URI origin, String app, String name, String bucket, List<String> domains) {
        /** Copies its list. */
        public Settings {
            domains = List.copyOf(domains);
        }
    }

    /**
     * Makes the files in memory. Reads all public files.
     *
     * @throws ExportException when a part of the configuration cannot be told to the Worker
     * @throws IOException when a public file cannot be read
     */
    public CloudflareExport(ServerConfig config, Directories directories, Settings settings)
            throws ExportException, IOException {
        EdgeTable table = new EdgeTable(config, settings.origin(), settings.app());
        String worker =
                resource("routing.js").replace("/* the table */ null", table.text()) + "\n" + resource("files.js");
        List<Map<String, Object>> manifest = manifest(table.sites(), directories);
        publicFiles = manifest.size();
        files.put("worker.js", worker);
        files.put("wrangler.toml", wrangler(settings));
        files.put(
                "manifest.json",
                JsonText.of(new TreeMap<>(Map.of("bucket", settings.bucket(), "files", manifest))) + "\n");
        files.put("upload.sh", upload(table.sites(), directories, settings.bucket()));
        int size = worker.getBytes(StandardCharsets.UTF_8).length;
        if (size > LARGE) {
            warnings.add("worker.js has " + size + " bytes, most of them the list of " + publicFiles
                    + " public files; Cloudflare takes 1 MB on the free plan and 10 MB on the paid one. Name fewer"
                    + " extensions under public");
        }
    }

    /** The texts by file name. */
    public Map<String, String> files() {
        return Map.copyOf(files);
    }

    /** What the operator should know, one a line. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** How many public files the Worker knows. */
    public int publicFiles() {
        return publicFiles;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(CloudflareExport.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Map<String, Object>> manifest(List<PublicSite> sites, Directories directories) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (PublicSite site : sites) {
            for (PublicFile file : site.files()) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("path", site.prefix() + file.path());
                entry.put("key", file.key());
                entry.put("file", directories.display(file.file()));
                entry.put("etag", "\"" + file.hash() + "\"");
                entry.put("size", file.size());
                entry.put("content_type", MediaTypes.ofFile(file.path()));
                entry.put("cache_control", site.cacheControl(file));
                entries.add(entry);
            }
        }
        return entries;
    }

    private static String wrangler(Settings settings) {
        StringBuilder text =
                new StringBuilder("# Written by \"marina.sh export cloudflare\"; wrangler deploy takes it as it is.\n");
        text.append("name = ").append(toml(settings.name())).append('\n');
        text.append("main = \"worker.js\"\n");
        text.append("compatibility_date = ").append(toml(COMPATIBILITY_DATE)).append('\n');
        text.append("workers_dev = ").append(settings.domains().isEmpty()).append('\n');
        for (String domain : settings.domains()) {
            text.append("\n[[routes]]\npattern = ").append(toml(domain)).append("\ncustom_domain = true\n");
        }
        text.append("\n[[r2_buckets]]\nbinding = ").append(toml(BUCKET_BINDING));
        text.append("\nbucket_name = ").append(toml(settings.bucket())).append('\n');
        return text.append("\n[observability]\nenabled = true\n").toString();
    }

    private static String upload(List<PublicSite> sites, Directories directories, String bucket) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        for (PublicSite site : sites) {
            for (PublicFile file : site.files()) {
                String line = "put " + shell(bucket + "/" + file.key()) + " " + shell(directories.display(file.file()))
                        + " " + shell(MediaTypes.ofFile(file.path()));
                lines.put(file.key(), line);
            }
        }
        return resource("upload.sh") + String.join("\n", lines.values()) + (lines.isEmpty() ? "" : "\n");
    }

    /** A basic string of TOML. */
    static String toml(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String shell(String text) {
        return '\'' + text.replace("'", "'\\''") + '\'';
    }
}
