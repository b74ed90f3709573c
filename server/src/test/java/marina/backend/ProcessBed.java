package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import marina.config.ContextHooks;
import marina.config.Hook;
import marina.config.LifecyclePolicy;
import marina.config.ProcessConfig;
import marina.config.Template;
import marina.hook.HookRunner;
import marina.process.ProcessLauncher;

/** Backends that run real processes, in a folder of their own. Closing it asserts that nothing of them is left. */
final class ProcessBed implements AutoCloseable {
    final Path folder;
    final Queue<String> output = new ConcurrentLinkedQueue<>();
    final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Backend<ProcessInstance>> backends = new ArrayList<>();
    private final ProcessLauncher launcher;
    private final ProcessTools tools;

    ProcessBed(Path folder) {
        this.folder = folder;
        launcher = new ProcessLauncher(folder.resolve("records"));
        tools = new ProcessTools(
                launcher,
                new Endpoints(new PortAllocator(), new SocketFolders(folder)),
                this::probe,
                scheduler,
                executor);
    }

    Backend<ProcessInstance> backend(List<Template> command, ContextHooks hooks) {
        return backend(settings(command, hooks, Duration.ofSeconds(15)));
    }

    Backend<ProcessInstance> backend(Supplier<ProcessSettings> settings) {
        Backend<ProcessInstance> backend = new Backend<>(
                new BackendSettings("/shop", Duration.ZERO, false),
                new ProcessStarter(settings, tools),
                scheduler,
                executor,
                (from, to, now) -> {});
        backends.add(backend);
        return backend;
    }

    Supplier<ProcessSettings> settings(List<Template> command, ContextHooks hooks, Duration readyTimeout) {
        LifecyclePolicy policy = new LifecyclePolicy(
                "/up", 0, readyTimeout, Duration.ofSeconds(5), Duration.ZERO, Duration.ofMillis(500), 0, true, 1, true);
        HookRuns runs =
                new HookRuns(new HookRunner(launcher), "/shop", hooks, folder, (channel, line) -> output.add(line));
        Generation generation = new Generation(runs, new LiveProcesses(), false);
        return () -> new ProcessSettings(
                new ProcessOwner("/shop", "conf/server.yml:3:3", "command \"bin/shop\""),
                () -> command,
                folder,
                Map.of("PORT", new Template(List.of("", ""), List.of("port"))),
                ProcessConfig.DEFAULT,
                generation.ofInstance(),
                policy,
                (channel, line) -> output.add(line));
    }

    long ready(Backend<ProcessInstance> backend) throws Exception {
        try (Lease<ProcessInstance> lease = backend.lease().get(20, TimeUnit.SECONDS)) {
            return lease.instance().pid();
        }
    }

    String get(BackendStatus status) throws Exception {
        URI uri = URI.create("http://" + status.address() + "/hello");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private CompletableFuture<Integer> probe(URI origin, String path, Duration timeout) {
        HttpRequest request = HttpRequest.newBuilder(origin.resolve(path)).build();
        return client.sendAsync(request, BodyHandlers.discarding())
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApply(answer -> answer.statusCode());
    }

    static Hook hook(String script) {
        return new Hook(Template.literals("sh", "-c", script), Duration.ofSeconds(5), "");
    }

    static List<Template> sh(String script) {
        return Template.literals("sh", "-c", script);
    }

    @Override
    public void close() {
        for (Backend<ProcessInstance> backend : backends) {
            backend.retire(Duration.ZERO).orTimeout(10, TimeUnit.SECONDS).join();
        }
        Path records = folder.resolve("records");
        await().untilAsserted(() -> assertThat(
                        Files.exists(records) ? records.toFile().list() : new String[0])
                .isEmpty());
        launcher.close();
        scheduler.shutdownNow();
        executor.shutdownNow();
    }
}
