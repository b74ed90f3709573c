package marina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import marina.admin.ControlHandler;
import marina.config.ConfigLoader;
import marina.config.ContextPath;
import marina.config.Directories;
import marina.config.SettingsFiles;
import marina.context.ContextStatus;
import marina.host.ReloadOutcome;
import marina.server.MarinaServer;
import marina.server.Preparation;
import marina.server.StartException;

/**
 * A whole Marina in this JVM, in an instance folder of its own, made from YAML text: real sockets, real child
 * processes. Closing it asserts that no child process outlives it.
 */
public final class MarinaUnderTest implements AutoCloseable {
    private static final Path HOME = Path.of(System.getProperty("marina.home", ".."));

    private final MarinaServer server;
    private final Path base;
    private final MBeanServer mbeans = MBeanServerFactory.newMBeanServer();
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private MarinaUnderTest(Path base, String serverFile, Map<String, String> environment) throws StartException {
        this.base = base;
        MarinaServer.Installation installation = new MarinaServer.Installation(
                new Directories(HOME, base), base.resolve(serverFile), environment, () -> mbeans);
        ConfigLoader.Draft draft =
                installation.loader().draft(installation.serverFile(), note -> {}, SettingsFiles.onDisk());
        if (draft.config().hooks().start().isEmpty()) {
            var unused = draft.complete();
        }
        this.server = new MarinaServer(
                installation,
                new Preparation(installation).complete(draft),
                self -> new ControlHandler(self, () -> {}));
        server.start();
    }

    /** Starts one; {@code listen} is added. */
    public static MarinaUnderTest start(Path base, String yaml) {
        write(base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n" + yaml);
        return startAsWritten(base);
    }

    /** Starts one with further environment variables; {@code listen} is added. */
    public static MarinaUnderTest start(Path base, String yaml, Map<String, String> more) {
        write(base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n" + yaml);
        Map<String, String> environment = environment();
        environment.putAll(more);
        return start(base, environment);
    }

    /** Starts one from the conf/server.yml that is there. */
    public static MarinaUnderTest startAsWritten(Path base) {
        return start(base, environment());
    }

    /** Starts one from a server file of this name that is there, with further environment variables. */
    public static MarinaUnderTest startFile(Path base, String serverFile, Map<String, String> more) {
        Map<String, String> environment = environment();
        environment.putAll(more);
        return begin(base, serverFile, environment);
    }

    private static MarinaUnderTest start(Path base, Map<String, String> environment) {
        return begin(base, "conf/server.yml", environment);
    }

    private static MarinaUnderTest begin(Path base, String serverFile, Map<String, String> environment) {
        try {
            return new MarinaUnderTest(base, serverFile, environment);
        } catch (StartException e) {
            throw new AssertionError("Marina did not start", e);
        }
    }

    /** Marina's environment plus what test applications are started with: {@code ${JAVA}} and {@code ${CLASSES}}. */
    public static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("MARINA_ADMIN_LISTEN", "off");
        environment.put(
                "JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        environment.put(
                "CLASSES", Path.of("target", "test-classes").toAbsolutePath().toString());
        return environment;
    }

    /** Writes a file of the instance. */
    public static void write(Path base, String file, String text) {
        try {
            Path path = base.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The running server. */
    public MarinaServer server() {
        return server;
    }

    /** Where it shows itself. */
    public MBeanServer mbeans() {
        return mbeans;
    }

    /** Its first address. */
    public URI uri(String path) {
        return URI.create(server.urls().get(0) + path);
    }

    /** The first address of its admin listener. */
    public URI adminUri(String path) {
        return URI.create(server.adminUrls().get(0) + path);
    }

    /** GET. */
    public HttpResponse<String> get(String path, String... headers) {
        return getAsync(path, headers).join();
    }

    /** GET without waiting. */
    public CompletableFuture<HttpResponse<String>> getAsync(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** POST. */
    public HttpResponse<String> post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).join();
    }

    /** A context's status. */
    public ContextStatus status(String path) {
        return server.host().context(new ContextPath(path)).orElseThrow().status();
    }

    /** Waits until a context is in a state. */
    public void awaitState(String path, String state) {
        await(path + " " + state)
                .atMost(Duration.ofSeconds(20))
                .until(() -> status(path).state(), state::equals);
    }

    /** Replaces the server file and reloads. */
    public ReloadOutcome reload(String yaml) {
        write(base, "conf/server.yml", "listen: \"127.0.0.1:0\"\n" + yaml);
        return server.reloader().reload().join();
    }

    /** A file of the instance, as text. */
    public String read(String file) {
        try {
            return Files.readString(base.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> children = Stream.of(
                        server.host().contexts(), server.host().olderVersions())
                .flatMap(Collection::stream)
                .flatMap(context -> context.status().pids().stream())
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .toList();
        server.stop();
        assertThat(children).as("processes that outlive their server").noneMatch(ProcessHandle::isAlive);
    }
}
