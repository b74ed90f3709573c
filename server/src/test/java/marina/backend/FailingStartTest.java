package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import marina.config.ContextHooks;
import marina.config.Template;
import marina.testing.TestApp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that do not become ready: what is told of them, and that nothing of them is left. */
class FailingStartTest {
    @TempDir
    private Path folder;

    private ProcessBed bed;

    @BeforeEach
    void open() {
        bed = new ProcessBed(folder);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void failsAtOnceWithTheLastLinesWhenTheProcessExits() {
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("exit", "3"), ContextHooks.NONE);

        assertThatThrownBy(() -> bed.ready(backend))
                .hasMessageContaining("ended during its start: exit status 3; last output: cannot open the database");
    }

    @Test
    void failsWithTheReasonWhenTheCommandDoesNotExist() {
        Backend<ProcessInstance> backend = bed.backend(Template.literals("bin/gone"), ContextHooks.NONE);

        assertThatThrownBy(() -> bed.ready(backend)).hasMessageContaining("command not found: \"bin/gone\"");
    }

    @Test
    void endsWhatNeverListensAndSaysWhatToCheck() {
        Backend<ProcessInstance> backend = bed.backend(
                bed.settings(ProcessBed.sh("echo $$ > pid; sleep 60"), ContextHooks.NONE, Duration.ofMillis(400)));

        assertThatThrownBy(() -> bed.ready(backend))
                .hasMessageContaining("did not answer on port ")
                .hasMessageContaining("within 400ms (GET /up): last result: connection refused")
                .hasMessageContaining("check that the command listens on 127.0.0.1:${port}");
        assertThat(folder.resolve("pid")).satisfies(file -> assertThat(
                        ProcessHandle.of(Long.parseLong(Files.readString(file).strip())))
                .isEmpty());
    }

    @Test
    void endsWhatListensAndHangs() {
        Backend<ProcessInstance> backend = bed.backend(
                bed.settings(TestApp.template("hang", "${port}"), ContextHooks.NONE, Duration.ofMillis(1500)));

        assertThatThrownBy(() -> bed.ready(backend))
                .hasMessageContaining("last result: ")
                .hasMessageContaining("no answer in ");
    }

    @Test
    void waitsOutServerErrorsUntilTheTimeout() {
        Backend<ProcessInstance> backend = bed.backend(
                bed.settings(TestApp.template("error", "${port}", "503"), ContextHooks.NONE, Duration.ofMillis(1500)));

        assertThatThrownBy(() -> bed.ready(backend)).hasMessageContaining("last result: status 503");
    }

    @Test
    void failsWhenAStrangerHasThePort() throws Exception {
        try (ServerSocket stranger = new ServerSocket()) {
            Backend<ProcessInstance> backend = bed.backend(bed.settings(
                    ProcessBed.sh("echo the port is $PORT; sleep 60"), ContextHooks.NONE, Duration.ofSeconds(10)));
            CompletableFuture<Lease<ProcessInstance>> lease = backend.lease();
            await().until(() -> !bed.output.isEmpty());
            String line = bed.output.element();
            stranger.bind(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1))));
            answerOnce(stranger);

            assertThatThrownBy(() -> lease.get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("was taken by another program");
        }
    }

    @Test
    void failsTheStartWhenAStartHookFails() {
        ContextHooks hooks = new ContextHooks(List.of(ProcessBed.hook("echo no space; exit 2")), List.of(), List.of());
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("echo", "${port}"), hooks);

        assertThatThrownBy(() -> bed.ready(backend))
                .hasMessageContaining("hook start of /shop: ")
                .hasMessageContaining("ended with exit status 2: no space");
    }

    @Test
    void givesUpAStartThatIsStopped() throws Exception {
        Backend<ProcessInstance> backend = bed.backend(ProcessBed.sh("echo $$ > pid; sleep 60"), ContextHooks.NONE);
        CompletableFuture<Lease<ProcessInstance>> lease = backend.lease();
        await().until(() -> Files.exists(folder.resolve("pid")) && Files.size(folder.resolve("pid")) > 0);
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());

        backend.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);

        await().until(() -> ProcessHandle.of(pid).isEmpty());
        assertThatThrownBy(() -> lease.get(1, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void waitsForTheStartHooksTreeBeforeTheNextStartWhenAStartIsStopped() throws Exception {
        ContextHooks hooks = new ContextHooks(
                List.of(ProcessBed.hook(
                        "test -e child && { grep -q . /proc/$(cat child)/cmdline && echo overlap; exit 1; };"
                                + " trap '' TERM; sleep 60 & echo $! > tmp; mv tmp child; while :; do wait; done")),
                List.of(),
                List.of());
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("echo", "${port}"), hooks);
        CompletableFuture<Void> started = backend.start();
        await().until(() -> Files.exists(folder.resolve("child")));
        long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());

        CompletableFuture<Void> stopped = backend.stop(Duration.ZERO);
        CompletableFuture<Lease<ProcessInstance>> next = backend.lease();
        var alive = stopped.thenApply(done -> isRunning(child));

        assertThat(alive.get(10, TimeUnit.SECONDS))
                .as("the hook's child runs when the stop is over")
                .isFalse();
        assertThatThrownBy(() -> started.get(1, TimeUnit.SECONDS)).hasMessageContaining("was stopped before");
        assertThatThrownBy(() -> next.get(10, TimeUnit.SECONDS)).hasMessageContaining("hook start of /shop");
        assertThat(bed.output).doesNotContain("overlap");
    }

    private void answerOnce(ServerSocket socket) {
        bed.executor.execute(() -> {
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

    /** Whether a process runs; one that has ended but has not been waited for by its parent does not. */
    private static boolean isRunning(long pid) {
        try {
            return !Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .isEmpty();
        } catch (IOException e) {
            return false; // it is gone
        }
    }
}
