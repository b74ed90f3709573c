package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import marina.testing.CurrentUser;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: memory, user and group of tenants, which its manual has and its parser drops. */
class TenantLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path base;

    private MarinaUnderTest start(String applications) {
        return new NavigatorBed(base)
                .navigator("server: {listen: LISTEN}\napplications:\n" + applications)
                .start();
    }

    /** What makes tenants of TestApp. */
    private static String java(String mode) {
        return "runtime: '${JAVA}', server: -cp, args: ['${CLASSES}', marina.testing.TestApp, " + mode + ", '${port}']";
    }

    @Test
    void whoTakesMoreMemoryThanItMayIsEndedAndTheOthersGoOn() {
        assumeThat(Path.of("/proc/self/status")).exists();
        String yaml =
                """
                  startup_timeout: 30s
                  pools: {default_memory_limit: 150M, timeout: 5m}
                  tenants:
                    - {path: /, HUNGRY}
                    - {path: /large/, memory_limit: 4G, HUNGRY}
                """
                        .replace("HUNGRY", java("hungry"));
        try (MarinaUnderTest marina = start(yaml)) {
            assertThat(marina.get("/small").statusCode()).isEqualTo(200);
            assertThat(marina.get("/large/").statusCode()).isEqualTo(200);
            long other = marina.status("/large").pids().get(0);

            var unused = marina.getAsync("/eat");
            marina.awaitState("/", "failed");
            assertThat(marina.status("/").backend().reason())
                    .matches("killed for memory: \\d+M used, memory_limit 150M.*");
            // There it is started again and again, and killed each time; or all requests get 502.
            await().atMost(PATIENCE).until(() -> marina.get("/small").statusCode() == 200);
            assertThat(marina.status("/large").pids()).containsExactly(other);
        }
    }

    @Test
    void tenantsHooksAndScriptsRunAsTheirUsers() throws IOException {
        assumeThat(CurrentUser.uid()).as("only root can switch users").isZero();
        NavigatorBed bed = new NavigatorBed(base)
                .program("bin/who.sh", "printf 'Content-Type: text/plain\\n\\n'\nid -un; id -gn\n")
                .file("told/README", "");
        Files.setPosixFilePermissions(base.resolve("told"), PosixFilePermissions.fromString("rwxrwxrwx"));
        for (Path above = base; above != null && above.getNameCount() > 1; above = above.getParent()) {
            Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        bed.navigator(
                """
                server:
                  listen: LISTEN
                  cgi_scripts: [{path: /who, script: bin/who.sh, user: daemon, group: bin}]
                applications:
                  pools: {user: nobody, group: nogroup}
                  framework: {command: sh, args: [-c, 'echo "$(id -un) $(id -gn) $USER"; exit 3']}
                  tenants:
                    - {path: /all/, hooks: {start: [{command: sh, args: [-c, 'id -un > told/all']}]}}
                    - {path: /own/, user: daemon, group: mail, hooks: {start: [{command: sh, args: [-c, 'id -un > told/own']}]}}
                    - {path: /first/, user: daemon}
                """);
        try (MarinaUnderTest marina = bed.start()) {
            for (String tenant : new String[] {"/all", "/own", "/first"}) {
                assertThat(marina.get(tenant + "/").statusCode()).isEqualTo(503);
            }
            assertThat(marina.status("/all").backend().reason()).contains("nobody nogroup nobody");
            assertThat(marina.status("/own").backend().reason()).contains("daemon mail daemon");
            assertThat(marina.status("/first").backend().reason()).contains("daemon nogroup daemon");
            assertThat(marina.get("/who").body()).isEqualTo("daemon\nbin\n");
            assertThat(marina.read("told/all")).isEqualTo("nobody\n");
            assertThat(marina.read("told/own")).isEqualTo("daemon\n");
        }
    }
}
