package marina.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import marina.config.ServiceConfig;
import marina.config.ServiceConfig.Restart;
import marina.config.SourceLocation;
import marina.config.Template;
import marina.process.ProcessLauncher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services are real children that tell what they do on their output. */
class ServicesTest {
    private static final String STAYS = "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done";

    @TempDir
    Path folder;

    private final Map<String, Service> seen = new ConcurrentHashMap<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private ProcessLauncher launcher;
    private Services services;

    @BeforeEach
    void prepare() {
        launcher = new ProcessLauncher(folder.resolve("records"));
        ServiceListener listener = new ServiceListener() {
            @Override
            public void added(Service service) {
                seen.put(service.name(), service);
            }

            @Override
            public void removed(Service service) {
                seen.remove(service.name());
            }
        };
        services = new Services(
                launcher, name -> (channel, line) -> output.add(name + " " + line), scheduler, listener, name -> {});
    }

    @AfterEach
    void end() {
        launcher.close();
        scheduler.shutdownNow();
    }

    @Test
    void theyStartInOrderWithDelayAndStopInReverse() throws Exception {
        Map<String, ServiceConfig> two = new LinkedHashMap<>();
        two.put("b", service(STAYS, Restart.ALWAYS, Duration.ofMillis(300)));
        two.put("a", service(STAYS, Restart.ALWAYS, Duration.ZERO));
        long before = System.nanoTime();
        apply(two);
        assertThat(status("a").state()).isEqualTo(Service.State.WAITING);
        await().until(() -> output.contains("a up") && output.contains("b up"));
        assertThat(System.nanoTime() - before).isGreaterThan(300_000_000L);
        assertThat(status("b").pid()).isNotEqualTo(status("a").pid());
        List<Long> pids = List.of(pid("a"), pid("b"));
        services.stop().get(10, TimeUnit.SECONDS);
        assertThat(output.stream().filter(line -> line.endsWith("bye"))).containsExactly("a bye", "b bye");
        assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        assertThat(folder.resolve("records")).isEmptyDirectory();
    }

    @Test
    void thePolicyDecidesWhoStartsAgainAndAfterAPause() throws Exception {
        long before = System.nanoTime();
        apply(Map.of(
                "always", service("exit 0", Restart.ALWAYS, Duration.ZERO),
                "failing", service("exit 3", Restart.ON_FAILURE, Duration.ZERO),
                "content", service("exit 0", Restart.ON_FAILURE, Duration.ZERO),
                "never", service("exit 3", Restart.NEVER, Duration.ZERO)));
        await().until(() -> restarts("always") >= 2 && restarts("failing") >= 2);
        assertThat(System.nanoTime() - before).isGreaterThan(750_000_000L);
        assertThat(restarts("content") + restarts("never")).isZero();
        assertThat(status("never")).isEqualTo(new Service.Status(Service.State.ENDED, 0, 0, "exit status 3"));
        services.stop().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aReloadTouchesOnlyWhatChanged() throws Exception {
        ServiceConfig stays = service(STAYS, Restart.ALWAYS, Duration.ZERO);
        apply(Map.of("kept", stays, "gone", stays, "changed", stays));
        long kept = pid("kept");
        long gone = pid("gone");
        long changed = pid("changed");
        apply(Map.of("kept", stays, "changed", service(STAYS + " # 2", Restart.ALWAYS, Duration.ZERO), "new", stays));
        await().until(() -> pid("changed") != 0
                && pid("new") != 0
                && !ProcessHandle.of(gone).isPresent());
        assertThat(ProcessHandle.of(changed)).isEmpty();
        assertThat(pid("kept")).isEqualTo(kept);
        apply(Map.of("gone", stays));
        await().until(() -> pid("gone") != 0);
        services.stop().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aMissingCommandKeepsNobodyFromStarting() throws Exception {
        Map<String, ServiceConfig> two = new LinkedHashMap<>();
        two.put(
                "broken",
                new ServiceConfig(
                        Template.literals("no-such-program"),
                        folder,
                        Map.of(),
                        false,
                        Restart.NEVER,
                        Duration.ZERO,
                        Duration.ofSeconds(5),
                        new SourceLocation("conf/server.yml", 3, 0)));
        two.put("good", service(STAYS, Restart.ALWAYS, Duration.ZERO));
        apply(two);
        assertThat(pid("good")).isNotZero();
        assertThat(status("broken").reason()).contains("no-such-program");
        services.stop().get(10, TimeUnit.SECONDS);
    }

    private void apply(Map<String, ServiceConfig> next) throws Exception {
        services.apply(next).get(10, TimeUnit.SECONDS);
    }

    private Service.Status status(String name) {
        return Objects.requireNonNull(seen.get(name)).status();
    }

    private long pid(String name) {
        return status(name).pid();
    }

    private long restarts(String name) {
        return status(name).restarts();
    }

    private ServiceConfig service(String script, Restart restart, Duration delay) {
        return new ServiceConfig(
                Template.literals("sh", "-c", script),
                folder,
                Map.of(),
                false,
                restart,
                delay,
                Duration.ofSeconds(5),
                SourceLocation.of("conf/server.yml"));
    }
}
