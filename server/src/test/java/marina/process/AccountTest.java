package marina.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import marina.testing.CurrentUser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs root's power to become another user. */
class AccountTest {
    @TempDir
    Path folder;

    private Launched launched;

    @BeforeEach
    void open() {
        launched = new Launched(folder);
        assumeThat(CurrentUser.uid()).as("only root can switch users").isZero();
        assumeThat(ProgramLookup.find("setpriv", System.getenv("PATH"))).isPresent();
    }

    @AfterEach
    void close() {
        launched.close();
    }

    @Test
    void becomesTheUserWithAllItsGroupsAndNothingOfRoot() throws Exception {
        Launched.exitOf(as(new Account(1, 12345, true), "id -u; id -g; id -G; grep Cap /proc/self/status; kill -0 1"));

        assertThat(launched.output)
                .contains("OUT 1", "OUT 12345")
                .filteredOn(line -> line.startsWith("OUT Cap") && !line.startsWith("OUT CapBnd"))
                .hasSize(4)
                .allMatch(line -> line.endsWith("0000000000000000"));
        assertThat(launched.output).noneMatch(line -> line.matches("OUT (0|.* 0|0 .*)"));
        assertThat(launched.output).anyMatch(line -> line.matches("ERR .*(not permitted|Permission denied).*"));
    }

    @Test
    void keepsNoGroupOfRootForANumberWithoutAnAccount() throws Exception {
        Launched.exitOf(as(new Account(54321, 54322, false), "id -u; id -G"));

        assertThat(launched.output).containsExactly("OUT 54321", "OUT 54322");
    }

    @Test
    void remainsTheProcessThatWasStarted() throws Exception {
        RunningProcess process = as(new Account(54321, 54322, false), "echo $$");

        Launched.exitOf(process);
        assertThat(launched.output).containsExactly("OUT " + process.pid());
    }

    @Test
    void mayOpenItsOutputsByName() throws Exception {
        ExitOutcome outcome = Launched.exitOf(
                as(new Account(54321, 54322, false), "echo to-out > /dev/stdout; echo to-err > /dev/stderr"));

        assertThat(outcome.status()).isZero();
        assertThat(launched.output).containsExactlyInAnyOrder("OUT to-out", "ERR to-err");
    }

    @Test
    void endsWhatRunsAsAnotherUser() throws Exception {
        RunningProcess process = as(new Account(54321, 54322, false), "echo $$; exec sleep 60");

        Launched.end(process, Duration.ofSeconds(5));

        assertThat(Launched.exitOf(process).describe()).isEqualTo("killed by SIGTERM");
    }

    @Test
    void readsNoNameAsShell() throws Exception {
        ProcessSpec spec = new ProcessSpec(
                "/sh$(touch owned)op'; touch owned; '",
                List.of("echo", "$(touch owned)", "a b", "'"),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                (channel, line) -> launched.output.add(line),
                new Account(54321, 54322, false),
                new ResourceLimits(1L << 40, 100, 100));

        Launched.exitOf(launched.launcher.launch(spec));

        assertThat(launched.output).containsExactly("$(touch owned) a b '");
        assertThat(folder.resolve("owned")).doesNotExist();
    }

    private RunningProcess as(Account account, String script) throws LaunchException {
        return launched.launcher.launch(new ProcessSpec(
                "/shop",
                List.of("sh", "-c", script),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                (channel, line) -> launched.output.add(channel + " " + line),
                account,
                ResourceLimits.NONE));
    }
}
