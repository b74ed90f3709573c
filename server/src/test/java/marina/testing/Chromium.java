package marina.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Assumptions;

/**
 * A browser without a window. Tests that need one are skipped, and say so, where there is none: install {@code chromium}, or name
 * one in the variable {@code CHROMIUM}. Closing it ends all of its processes.
 */
public final class Chromium implements AutoCloseable {
    private static final String LISTENING = "DevTools listening on ";
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Process process;
    private final URI control;

    private Chromium(Process process, URI control) {
        this.process = process;
        this.control = control;
    }

    /** Starts one with a profile of its own below a folder. */
    public static Chromium start(Path folder) {
        Optional<Path> program = find();
        if (program.isEmpty()) {
            String message = "SKIPPED, the console is not tried in a browser: no chromium is installed";
            System.err.println(message);
            Assumptions.abort(message);
        }
        try {
            return start(program.orElseThrow(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Chromium start(Path program, Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox", // it visits nothing but the server of the test, and root has no other way
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("chromium"),
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output = process.errorReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                drain(output);
                return new Chromium(
                        process, URI.create(line.substring(LISTENING.length()).strip()));
            }
            said.append(line).append('\n');
        }
        process.destroy();
        throw new AssertionError(program + " did not start: " + said);
    }

    private static Optional<Path> find() {
        String chosen = System.getenv("CHROMIUM");
        if (chosen != null && !chosen.isEmpty()) {
            return Optional.of(Path.of(chosen));
        }
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void drain(BufferedReader output) {
        Thread thread = new Thread(
                () -> {
                    try {
                        output.transferTo(Writer.nullWriter());
                    } catch (IOException e) {
                        // it has ended
                    }
                },
                "chromium-output");
        thread.setDaemon(true);
        thread.start();
    }

    /** A new page at an address, of a size of the user's window in pixels. */
    public BrowserPage open(URI uri, int width, int height) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + control.getAuthority() + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        String answer =
                CLIENT.sendAsync(request, BodyHandlers.ofString()).join().body();
        Map<?, ?> target = (Map<?, ?>) new JSON().fromJSON(answer);
        BrowserPage page = BrowserPage.connect(URI.create(String.valueOf(target.get("webSocketDebuggerUrl"))));
        page.size(width, height);
        page.go(uri);
        return page;
    }

    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        DevTools.connect(control).tell("Browser.close"); // it takes its folders along
        try {
            var unused = process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
