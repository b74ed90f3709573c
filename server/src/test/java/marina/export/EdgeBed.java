package marina.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.WorkerUnderTest;

/**
 * A Marina, and before it the Worker that its configuration makes. Both read the same file. Marina is alone (no Fly, no peers), so
 * that it answers what lives elsewhere itself, and tells of its routing and of nothing else.
 */
final class EdgeBed implements AutoCloseable {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final HeadEcho echo;
    private final MarinaUnderTest marina;
    private final WorkerUnderTest worker;

    /**
     * Starts both.
     *
     * @param yaml in which ECHO is the URL of a backend that answers with the head that it got
     */
    EdgeBed(Path base, String yaml) {
        try {
            echo = new HeadEcho("echo");
            String text = yaml.replace("ECHO", echo.url());
            marina = MarinaUnderTest.start(base, "trusted_proxies: [loopback]\n" + text);
            Path exported = export(base, text, marina.uri("/").resolve("/"), "");
            worker = WorkerUnderTest.start(exported, base, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exports a configuration into a folder of the instance. */
    static Path export(Path base, String yaml, URI origin, String app) {
        CloudflareExport export = exported(base, yaml, origin, app);
        try {
            Path folder = base.resolve("edge");
            GeneratedFiles.write(folder, export.files());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CloudflareExport exported(Path base, String yaml, URI origin, String app) {
        MarinaUnderTest.write(base, "edge.yml", yaml);
        ServerConfig config = new ConfigLoader(new Directories(base, base), Map.of()).load(base.resolve("edge.yml"));
        URI bare = URI.create(origin.getScheme() + "://" + origin.getAuthority());
        CloudflareExport.Settings settings =
                new CloudflareExport.Settings(bare, app, "marina-edge", "marina-public", List.of());
        try {
            return new CloudflareExport(config, new Directories(base, base), settings);
        } catch (ExportException | IOException e) {
            throw new AssertionError(e);
        }
    }

    MarinaUnderTest marina() {
        return marina;
    }

    WorkerUnderTest worker() {
        return worker;
    }

    /** Heads of requests that have reached the backend. */
    List<String> heads() {
        return echo.heads();
    }

    /** What the Worker answers. */
    HttpResponse<String> ask(String method, String path, String... fields) {
        return send(worker.uri("/"), method, path, fields);
    }

    /** What Marina answers by itself. */
    HttpResponse<String> askMarina(String method, String path, String... fields) {
        return send(marina.uri("/"), method, path, fields);
    }

    private HttpResponse<String> send(URI server, String method, String path, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + server.getAuthority() + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        method.equals("POST") || method.equals("PUT")
                                ? HttpRequest.BodyPublishers.ofString("some words")
                                : HttpRequest.BodyPublishers.noBody());
        if (fields.length > 0) {
            request.headers(fields);
        }
        try {
            return send(request.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The runtime closes a connection whose request had a body that nobody has read; the next request may meet that. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    @Override
    public void close() {
        try {
            worker.close();
        } finally {
            marina.close();
            echo.close();
        }
    }
}
