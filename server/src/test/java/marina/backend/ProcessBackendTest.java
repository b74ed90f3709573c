package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import marina.config.ContextHooks;
import marina.config.Hook;
import marina.config.LifecyclePolicy;
import marina.config.Template;
import marina.hook.HookRunner;
import marina.process.ProcessLauncher;
import marina.testing.TestApp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessBackendTest {
    @TempDir
    Path folder;

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final List<Backend<ProcessInstance>> backends = new ArrayList<>();
    private ProcessLauncher launcher;
    private ProcessTools tools;

    @BeforeEach
    void open() {
        launcher = new ProcessLauncher(folder.resolve("records"));
        tools = new ProcessTools(
                launcher, new HookRunner(launcher), new PortAllocator(), this::probe, scheduler, executor);
    }

    @AfterEach
    void close() throws Exception {
        for (Backend<ProcessInstance> backend : backends) {
            backend.retire(Duration.ZERO).get(10, TimeUnit.SECONDS);
        }
        Path records = folder.resolve("records");
        await().untilAsserted(() -> assertThat(
                        Files.exists(records) ? records.toFile().list() : new String[0])
                .isEmpty());
        launcher.close();
        scheduler.shutdownNow();
        executor.shutdownNow();
    }

    @Test
    void answersFiveHundredRequestsFromOneColdStart() throws Exception {
        Backend<ProcessInstance> backend = backend(TestApp.template("slow", "${port}", "300"), ContextHooks.NONE);
        List<CompletableFuture<Lease<ProcessInstance>>> waiting = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waiting.add(backend.lease());
        }

        long pid = waiting.get(0).get(15, TimeUnit.SECONDS).instance().pid();

        for (CompletableFuture<Lease<ProcessInstance>> waiter : waiting) {
            Lease<ProcessInstance> lease = waiter.get(5, TimeUnit.SECONDS);
            assertThat(lease.instance().pid()).isEqualTo(pid);
            lease.close();
        }
        assertThat(backend.status().starts()).isEqualTo(1);
        assertThat(get(backend.status())).contains("GET /hello " + pid);
    }

    @Test
    void answersTheNextRequestAfterAKill() throws Exception {
        Backend<ProcessInstance> backend = backend(TestApp.template("echo", "${port}"), ContextHooks.NONE);
        long first = ready(backend);
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
        await().until(() -> backend.status().state() == BackendState.FAILED);

        assertThat(backend.status().reason()).startsWith("killed by SIGKILL");
        assertThat(ready(backend)).isNotEqualTo(first);
        assertThat(get(backend.status())).contains("GET /hello");
    }

    @Test
    void failsAtOnceWithTheLastLinesWhenTheProcessExits() {
        Backend<ProcessInstance> backend = backend(TestApp.template("exit", "3"), ContextHooks.NONE);

        assertThatThrownBy(() -> ready(backend))
                .hasMessageContaining("ended during its start: exit status 3; last output: cannot open the database");
    }

    @Test
    void failsWithTheReasonWhenTheCommandDoesNotExist() {
        Backend<ProcessInstance> backend = backend(Template.literals("bin/gone"), ContextHooks.NONE);

        assertThatThrownBy(() -> ready(backend)).hasMessageContaining("command not found: \"bin/gone\"");
    }

    @Test
    void endsWhatNeverListensAndSaysWhatToCheck() {
        Backend<ProcessInstance> backend =
                backend(settings(sh("echo $$ > pid; sleep 60"), ContextHooks.NONE, Duration.ofMillis(400)));

        assertThatThrownBy(() -> ready(backend))
                .hasMessageContaining("did not answer on port ")
                .hasMessageContaining("within 400ms (GET /up): last result: ")
                .hasMessageContaining("check that the command listens on 127.0.0.1:${port}");
        assertThat(folder.resolve("pid")).satisfies(file -> assertThat(
                        ProcessHandle.of(Long.parseLong(Files.readString(file).strip())))
                .isEmpty());
    }

    @Test
    void endsWhatListensAndHangs() {
        Backend<ProcessInstance> backend =
                backend(settings(TestApp.template("hang", "${port}"), ContextHooks.NONE, Duration.ofMillis(1500)));

        assertThatThrownBy(() -> ready(backend))
                .hasMessageContaining("last result: ")
                .hasMessageContaining("timed out");
    }

    @Test
    void waitsOutServerErrorsUntilTheTimeout() {
        Backend<ProcessInstance> backend = backend(
                settings(TestApp.template("error", "${port}", "503"), ContextHooks.NONE, Duration.ofMillis(1500)));

        assertThatThrownBy(() -> ready(backend)).hasMessageContaining("last result: status 503");
    }

    @Test
    void failsWhenAStrangerHasThePort() throws Exception {
        try (ServerSocket stranger = new ServerSocket()) {
            Backend<ProcessInstance> backend = backend(
                    settings(sh("echo the port is $PORT; sleep 60"), ContextHooks.NONE, Duration.ofSeconds(10)));
            CompletableFuture<Lease<ProcessInstance>> lease = backend.lease();
            await().until(() -> !output.isEmpty());
            String line = output.element();
            stranger.bind(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1))));
            answerOnce(stranger);

            assertThatThrownBy(() -> lease.get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("was taken by another program");
        }
    }

    @Test
    void runsTheHooksAroundTheProcess() throws Exception {
        ContextHooks hooks = new ContextHooks(
                List.of(hook("echo start $PORT")),
                List.of(hook("echo ready $PORT; exit 1")),
                List.of(hook("echo stop $PORT; test ! -e /proc/$(cat pid)")));
        List<Template> command = sh("echo $$ > pid; exec " + String.join(" ", TestApp.command("echo", "$PORT")));
        Backend<ProcessInstance> backend = backend(settings(command, hooks, Duration.ofSeconds(10)));
        ready(backend);
        String port = backend.status().address().substring("127.0.0.1:".length());
        await().until(() -> output.contains("ready " + port));

        backend.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);

        assertThat(output)
                .containsSubsequence("start " + port, "listening on " + port, "ready " + port, "stop " + port);
    }

    @Test
    void failsTheStartWhenAStartHookFails() {
        ContextHooks hooks = new ContextHooks(List.of(hook("echo no space; exit 2")), List.of(), List.of());
        Backend<ProcessInstance> backend = backend(TestApp.template("echo", "${port}"), hooks);

        assertThatThrownBy(() -> ready(backend))
                .hasMessageContaining("hook start of /shop: ")
                .hasMessageContaining("ended with exit status 2: no space");
    }

    @Test
    void killsWhatIgnoresSigterm() throws Exception {
        Backend<ProcessInstance> backend = backend(TestApp.template("stubborn", "${port}"), ContextHooks.NONE);
        long pid = ready(backend);

        backend.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);

        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void givesUpAStartThatIsStopped() throws Exception {
        Backend<ProcessInstance> backend = backend(sh("echo $$ > pid; sleep 60"), ContextHooks.NONE);
        CompletableFuture<Lease<ProcessInstance>> lease = backend.lease();
        await().until(() -> Files.exists(folder.resolve("pid")) && Files.size(folder.resolve("pid")) > 0);
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());

        backend.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);

        await().until(() -> ProcessHandle.of(pid).isEmpty());
        assertThatThrownBy(() -> lease.get(1, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void givesTheProcessOnlyAFewVariablesOfItsOwn() throws Exception {
        Backend<ProcessInstance> backend =
                backend(settings(sh("env | cut -d= -f1 | sort; exit 1"), ContextHooks.NONE, Duration.ofSeconds(5)));

        assertThatThrownBy(() -> ready(backend)).hasMessageContaining("exit status 1");
        assertThat(output)
                .contains("PORT", "PATH", "MARINA_PROCESS")
                .isSubsetOf(
                        "PORT",
                        "PATH",
                        "HOME",
                        "LANG",
                        "LC_ALL",
                        "TZ",
                        "USER",
                        "TMPDIR",
                        "MARINA_PROCESS",
                        "PWD",
                        "OLDPWD",
                        "SHLVL",
                        "_");
    }

    private Backend<ProcessInstance> backend(List<Template> command, ContextHooks hooks) {
        return backend(settings(command, hooks, Duration.ofSeconds(15)));
    }

    private Backend<ProcessInstance> backend(ProcessSettings settings) {
        Backend<ProcessInstance> backend = new Backend<>(
                new BackendSettings("/shop", Duration.ZERO, false),
                new ProcessStarter(settings, tools),
                scheduler,
                executor,
                (from, to, now) -> {});
        backends.add(backend);
        return backend;
    }

    private ProcessSettings settings(List<Template> command, ContextHooks hooks, Duration readyTimeout) {
        LifecyclePolicy policy = new LifecyclePolicy(
                "/up", 0, readyTimeout, Duration.ofSeconds(5), Duration.ZERO, Duration.ofMillis(500), 0, true);
        return new ProcessSettings(
                "/shop",
                command,
                folder,
                Map.of("PORT", new Template(List.of("", ""), List.of("port"))),
                hooks,
                policy,
                (channel, line) -> output.add(line));
    }

    private long ready(Backend<ProcessInstance> backend) throws Exception {
        try (Lease<ProcessInstance> lease = backend.lease().get(20, TimeUnit.SECONDS)) {
            return lease.instance().pid();
        }
    }

    private String get(BackendStatus status) throws Exception {
        URI uri = URI.create("http://" + status.address() + "/hello");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private CompletableFuture<Integer> probe(URI uri, Duration timeout) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
        return client.sendAsync(request, BodyHandlers.discarding()).thenApply(answer -> answer.statusCode());
    }

    private void answerOnce(ServerSocket socket) {
        executor.execute(() -> {
            try (var connection = socket.accept()) {
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                connection.getInputStream().read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Hook hook(String script) {
        return new Hook(Template.literals("sh", "-c", script), Duration.ofSeconds(5), "");
    }

    private static List<Template> sh(String script) {
        return Template.literals("sh", "-c", script);
    }
}
