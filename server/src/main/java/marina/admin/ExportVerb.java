package marina.admin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import marina.config.ServerConfig;
import marina.export.CloudflareExport;
import marina.export.ExportException;
import marina.export.FlyExport;
import marina.export.GeneratedFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verb {@code export}: what others than Marina are to be told of its configuration. */
@Command(
        name = "export",
        description = "write a Worker for Cloudflare, or what fly.toml must say, from the configuration")
final class ExportVerb implements Callable<Integer> {
    private static final int WRONG_USAGE = 2;

    private final CommandLine line;
    private final Map<String, String> environment;

    @Parameters(paramLabel = "cloudflare|fly", description = "for whom")
    private String platform = "";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "where to write it: for cloudflare a folder, export/cloudflare if not given; for fly a file, else it"
                            + " is printed")
    private Path out = Path.of("");

    @Option(
            names = "--origin",
            paramLabel = "URL",
            description = "cloudflare: where Marina answers; https://$FLY_APP_NAME.fly.dev if not given")
    private String origin = "";

    @Option(names = "--app", paramLabel = "NAME", description = "the Fly app; FLY_APP_NAME if not given")
    private String app = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "cloudflare: of the Worker",
            defaultValue = "marina-edge")
    private String name = "";

    @Option(names = "--bucket", paramLabel = "NAME", description = "cloudflare: of R2", defaultValue = "marina-public")
    private String bucket = "";

    @Option(names = "--domain", paramLabel = "HOST", description = "cloudflare: a host name that the Worker takes over")
    private List<String> domains = List.of();

    @Option(names = "--data", paramLabel = "DIR", description = "fly: the folder data of the instance in the image")
    private String data = "";

    ExportVerb(CommandLine line, Map<String, String> environment) {
        this.line = line;
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Optional<ServerConfig> config = line.load();
        if (config.isEmpty()) {
            return CommandLine.FAILED;
        }
        try {
            return switch (platform) {
                case "cloudflare" -> cloudflare(config.get());
                case "fly" -> fly(config.get());
                default -> complain("there is no export for \"" + platform + "\"; write cloudflare or fly");
            };
        } catch (ExportException e) {
            line.terminal().complain("export " + platform + ": " + e.getMessage());
            return CommandLine.FAILED;
        }
    }

    private int cloudflare(ServerConfig config) throws ExportException, IOException {
        Optional<URI> server = origin();
        if (server.isEmpty()) {
            return complain("where does Marina answer? Write --origin https://APP.fly.dev, or set FLY_APP_NAME");
        }
        CloudflareExport.Settings settings = new CloudflareExport.Settings(server.get(), app(), name, bucket, domains);
        CloudflareExport export = new CloudflareExport(config, line.directories(), settings);
        Path folder = out.toString().isEmpty() ? line.directories().base().resolve("export/cloudflare") : out;
        Map<String, String> files = line.terminal().progress("export").during(export::files);
        GeneratedFiles.write(folder, files);
        line.terminal()
                .say(folder + ": worker.js for " + server.get() + ", wrangler.toml, manifest.json and upload.sh with "
                        + export.publicFiles() + " public files");
        warn(export.warnings());
        return CommandLine.DONE;
    }

    private int fly(ServerConfig config) throws ExportException, IOException {
        String volume = data.isEmpty() ? line.directories().data().toString() : data;
        FlyExport export = new FlyExport(config, app(), volume);
        if (out.toString().isEmpty()) {
            line.terminal().say(export.text().stripTrailing());
        } else {
            Path file = out.toAbsolutePath();
            Path folder = file.getParent();
            if (Files.isDirectory(file) || folder == null) {
                return complain("--out " + out + " is a folder; name a file for the fragments");
            }
            GeneratedFiles.write(folder, Map.of(file.getFileName().toString(), export.text()));
        }
        warn(export.warnings());
        return CommandLine.DONE;
    }

    private String app() {
        return app.isEmpty() ? environment.getOrDefault("FLY_APP_NAME", "") : app;
    }

    /** Scheme, host and perhaps port; https where only a host is named. */
    private Optional<URI> origin() {
        if (origin.isEmpty()) {
            return app().isEmpty() ? Optional.empty() : Optional.of(URI.create("https://" + app() + ".fly.dev"));
        }
        try {
            URI uri = URI.create(origin.contains("://") ? origin : "https://" + origin);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
            boolean plain = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null;
            return http && bare && plain
                    ? Optional.of(URI.create(uri.getScheme() + "://" + uri.getRawAuthority()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void warn(List<String> warnings) {
        warnings.forEach(warning -> line.terminal().complain("warning: " + warning));
    }

    private int complain(String problem) {
        line.terminal().complain(problem);
        return WRONG_USAGE;
    }
}
