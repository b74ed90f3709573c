package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Assumptions;

/** A real browser without a window, with a profile of its own in a folder; skips the test, and says so, where there is none. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI tools;

    private Chromium(Process process, int port) {
        this.process = process;
        this.tools = URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Starts one.
     *
     * @param profile a folder that it may fill
     */
    public static Chromium start(Path profile) {
        Path port = profile.resolve("DevToolsActivePort");
        try {
            Process process = new ProcessBuilder(
                            program(),
                            "--headless=new",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--remote-debugging-port=0",
                            "--remote-allow-origins=*",
                            "--user-data-dir=" + profile,
                            "about:blank")
                    .redirectErrorStream(true)
                    .redirectOutput(profile.resolve("output").toFile())
                    .start();
            await("the browser")
                    .atMost(PATIENCE)
                    .until(() -> Files.exists(port) && Files.readString(port).contains("\n"));
            return new Chromium(
                    process, Integer.parseInt(Files.readAllLines(port).get(0)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String program() {
        List<String> folders = Pattern.compile(":")
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .toList();
        for (String name : NAMES) {
            if (folders.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
                return name;
            }
        }
        String message = "SKIPPED, there is no browser: " + NAMES + "; .ci/run installs chromium";
        System.err.println(message);
        Assumptions.abort(message);
        throw new IllegalStateException(message);
    }

    /** Opens a page in a tab of its own. With a name and a password in the address, the browser knows them from then on. */
    public ChromiumPage open(URI page) {
        URI uri = tools.resolve("/json/new?" + URLEncoder.encode("about:blank", StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method("PUT", HttpRequest.BodyPublishers.noBody())
                .build();
        String body = client.sendAsync(request, BodyHandlers.ofString()).join().body();
        Object told = new JSON().fromJSON(body);
        assertThat(told).as(body).isInstanceOf(Map.class);
        Object socket = ((Map<?, ?>) told).get("webSocketDebuggerUrl");
        ChromiumPage tab = new ChromiumPage(client, URI.create(String.valueOf(socket)));
        tab.go(page);
        return tab;
    }

    /** Ends it and waits until nothing of it writes into its profile any more. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        process.destroy();
        CompletableFuture<?> end =
                CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        try {
            end.get(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            all.forEach(ProcessHandle::destroyForcibly);
            end.join();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
