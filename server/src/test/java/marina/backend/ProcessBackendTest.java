package marina.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.config.ContextHooks;
import marina.config.Template;
import marina.testing.TestApp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessBackendTest {
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
    void answersFiveHundredRequestsFromOneColdStart() throws Exception {
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("slow", "${port}", "300"), ContextHooks.NONE);
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
        assertThat(bed.get(backend.status())).contains("GET /hello " + pid);
    }

    @Test
    void answersTheNextRequestAfterAKill() throws Exception {
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("echo", "${port}"), ContextHooks.NONE);
        long first = bed.ready(backend);
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
        await().until(() -> backend.status().state() == BackendState.FAILED);

        assertThat(backend.status().reason()).startsWith("killed by SIGKILL");
        assertThat(bed.ready(backend)).isNotEqualTo(first);
        assertThat(bed.get(backend.status())).contains("GET /hello");
    }

    @Test
    void runsTheHooksAroundTheProcess() throws Exception {
        ContextHooks hooks = new ContextHooks(
                List.of(ProcessBed.hook("echo start $PORT")),
                List.of(ProcessBed.hook("echo ready $PORT; exit 1")),
                List.of(ProcessBed.hook("echo stop $PORT; test ! -e /proc/$(cat pid)")));
        List<Template> command =
                ProcessBed.sh("echo $$ > pid; exec " + String.join(" ", TestApp.command("echo", "$PORT")));
        Backend<ProcessInstance> backend = bed.backend(bed.settings(command, hooks, Duration.ofSeconds(10)));
        bed.ready(backend);
        String port = backend.status().address().substring("127.0.0.1:".length());
        await().until(() -> bed.output.contains("ready " + port));

        backend.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);

        assertThat(bed.output)
                .containsSubsequence("start " + port, "listening on " + port, "ready " + port, "stop " + port);
    }

    @Test
    void killsWhatIgnoresSigterm() throws Exception {
        Backend<ProcessInstance> backend = bed.backend(TestApp.template("stubborn", "${port}"), ContextHooks.NONE);
        long pid = bed.ready(backend);

        backend.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);

        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void givesTheProcessOnlyAFewVariablesOfItsOwn() throws Exception {
        Backend<ProcessInstance> backend = bed.backend(bed.settings(
                ProcessBed.sh("env | cut -d= -f1 | sort; exit 1"), ContextHooks.NONE, Duration.ofSeconds(5)));

        assertThatThrownBy(() -> bed.ready(backend)).hasMessageContaining("exit status 1");
        assertThat(bed.output)
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
}
