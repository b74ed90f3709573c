package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: hooks, managed processes and reloads. */
class HooksTest {
    @TempDir
    private Path base;

    private String read(String file) {
        try {
            return Files.exists(base.resolve(file)) ? Files.readString(base.resolve(file)) : "";
        } catch (java.io.IOException e) {
            return "";
        }
    }

    private NavigatorBed bed(String yaml) {
        return new NavigatorBed(base)
                .program("bin/log.sh", "echo \"$1 $EXTRA $PWD\" >> log\n")
                .program("bin/fail.sh", "exit 3\n")
                .navigator("server: {listen: LISTEN}\n" + yaml);
    }

    @Test
    void theyRunInTheApplicationsFolderWithTheirVariables() {
        NavigatorBed bed = bed(
                """
                hooks:
                  server:
                    start: [{command: ""}, {command: bin/log.sh, args: [start], env: {EXTRA: more}}]
                    ready: [{command: bin/fail.sh}, {command: bin/log.sh, args: [ready]}]
                    stop: [{command: bin/fail.sh}, {command: bin/log.sh, args: [stop]}]
                """);
        try (MarinaUnderTest marina = bed.start()) {
            assertThat(read("log")).startsWith("start more " + base);
            await().atMost(Duration.ofSeconds(20)).until(() -> read("log").contains("ready"));
            assertThat(marina.get("/").statusCode()).isEqualTo(404);
        }
        // There hooks.server.stop never runs.
        assertThat(read("log")).contains("stop");
    }

    @Test
    void aStartHookThatFailsOrTakesTooLongFailsTheStart() {
        assertThatThrownBy(() -> bed("hooks: {server: {start: [{command: bin/fail.sh}]}}\n")
                        .start())
                .hasRootCauseMessage("hook start of server: \"bin/fail.sh\" ended with exit status 3");
        long begin = System.nanoTime();
        assertThatThrownBy(() -> bed("hooks: {server: {start: [{command: sleep, args: ['10'], timeout: 100ms}]}}\n")
                        .start())
                .hasStackTraceContaining("exceeded its timeout of 0.1s");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aReadyHookMayBringAnotherFile() {
        NavigatorBed bed =
                bed("""
                maintenance: {enabled: true}
                hooks: {server: {ready: [{command: "true", reload_config: config/other.yml}]}}
                """)
                        .file("public/a.txt", "here")
                        .file("config/other.yml", "server: {listen: \"127.0.0.1:0\", static: {public_dir: public}}\n");
        try (MarinaUnderTest marina = bed.start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> marina.get("/").statusCode() == 404);
            assertThat(marina.get("/a.txt").body()).isEqualTo("here");
            bed.file("config/other.yml", "server: [");
            assertThat(marina.server().reloader().reload().join().messages().toString())
                    .contains("config/other.yml:1:", "is not valid YAML");
            assertThat(marina.get("/a.txt").body()).isEqualTo("here");
        }
    }

    @Test
    void aFailedHookReloadsNothing() {
        NavigatorBed bed =
                bed("""
                maintenance: {enabled: true}
                hooks:
                  server:
                    ready: [{command: bin/log.sh, args: [before]}, {command: bin/fail.sh, reload_config: config/other.yml}]
                """)
                        .file("config/other.yml", "server: {listen: \"127.0.0.1:0\"}\n");
        try (MarinaUnderTest marina = bed.start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> read("log").contains("before"));
            await().during(Duration.ofMillis(500)).until(() -> marina.get("/").statusCode() == 503);
        }
    }

    @Test
    void startHooksRunBeforeEachReloadAndTheReadyHooksOfANewFileAfterIt() {
        NavigatorBed bed =
                bed("""
                        maintenance: {enabled: true}
                        hooks: {server: {ready: [{command: bin/log.sh, args: [first], reload_config: config/other.yml}]}}
                        """)
                        .file(
                                "config/other.yml",
                                """
                        server: {listen: "127.0.0.1:0"}
                        hooks:
                          server:
                            start: [{command: bin/log.sh, args: [passwords]}, {command: bin/fail.sh}]
                            ready: [{command: bin/log.sh, args: [prerender], reload_config: config/other.yml}]
                        """);
        try (MarinaUnderTest marina = bed.start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> read("log").contains("prerender"));
            assertThat(read("log").lines().map(line -> line.split(" ", 2)[0]))
                    .startsWith("first", "passwords", "prerender");
            // The reload that this hook asks for runs no ready hooks, or it would never end.
            await().during(Duration.ofSeconds(1)).until(() -> read("log").split("prerender", -1).length == 2);
            assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();
            await().atMost(Duration.ofSeconds(20)).until(() -> read("log").split("prerender", -1).length == 3);
            assertThat(read("log").split("passwords", -1)).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void startHooksMayMakeThePasswordsAndTheFolderOfPublicFiles() {
        NavigatorBed bed = bed(
                """
                auth: {enabled: true, htpasswd: config/htpasswd}
                hooks: {server: {start: [{command: sh, args: [-c, 'echo run >> runs; mkdir -p public; echo a > public/a.txt; cp users config/htpasswd']}]}}
                """);
        bed.file("users", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        try (MarinaUnderTest marina = bed.start()) {
            String sam = "Basic c2FtOnRlc3Q=";
            assertThat(marina.get("/a.txt").statusCode()).isEqualTo(401);
            assertThat(marina.get("/a.txt", "Authorization", sam).body()).isEqualTo("a\n");
            assertThat(read("runs")).isEqualTo("run\n");

            bed.file("users", "sally:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
            assertThat(marina.server().reloader().reload().join().succeeded()).isTrue();
            assertThat(marina.get("/a.txt", "Authorization", sam).statusCode()).isEqualTo(401);
            assertThat(read("runs")).isEqualTo("run\nrun\n");
        }
    }

    @Test
    void aFolderThatAStartHookMakesIsServedFromTheFirstRequestOn() {
        NavigatorBed bed = bed(
                "hooks: {server: {start: [{command: sh, args: [-c, 'mkdir -p public; echo a > public/a.txt']}]}}\n");
        try (MarinaUnderTest marina = bed.start()) {
            assertThat(marina.get("/a.txt").body()).isEqualTo("a\n");
        }
    }

    @Test
    void aHookThatThereIsNotOrThatLeavesAChildBehindHasFailed() {
        assertThatThrownBy(() -> bed("hooks: {server: {start: [{command: no-such-program}]}}\n")
                        .start())
                .hasStackTraceContaining("no-such-program");
        // There a hook is waited for until the last one who holds its output has gone.
        long begin = System.nanoTime();
        assertThatThrownBy(() ->
                        bed("hooks: {server: {start: [{command: sh, args: [-c, 'sleep 30 & wait'], timeout: 500ms}]}}\n")
                                .start())
                .hasStackTraceContaining("exceeded its timeout of 0.5s");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aFileThatIsNotThereIsNotGoneOverTo() {
        NavigatorBed bed = bed(
                """
                        maintenance: {enabled: true}
                        hooks: {server: {ready: [{command: bin/log.sh, args: [ran], reload_config: config/none.yml}]}}
                        """);
        try (MarinaUnderTest marina = bed.start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> read("log").contains("ran"));
            await().during(Duration.ofMillis(500)).until(() -> marina.get("/").statusCode() == 503);
        }
    }

    @Test
    void aManagedProcessThatIsChangedStartsAnew() {
        String process =
                "managed_processes: [{name: clock, command: sh, args: [-c, 'echo %s > clock; exec sleep 600']}]\n";
        NavigatorBed bed = bed(process.formatted("first"));
        try (MarinaUnderTest marina = bed.start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> read("clock").contains("first"));
            // There it runs on as it was.
            bed(process.formatted("second"));
            marina.server().reloader().reload().join();
            await().atMost(Duration.ofSeconds(20)).until(() -> read("clock").contains("second"));
        }
    }

    @Test
    void managedProcessesStartStopAndComeBack() {
        String process =
                "managed_processes: [{name: clock, command: sh, args: [-c, 'echo $$ > clock; exec sleep 600']}]\n";
        NavigatorBed bed = bed(process + "# one that there is not keeps nobody from starting\n");
        try (MarinaUnderTest marina = bed.start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> !read("clock").isBlank());
            long first = Long.parseLong(read("clock").strip());
            bed("").file("clock", "");
            marina.server().reloader().reload().join();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ProcessHandle.of(first).isEmpty());
            // There one that was removed and is added again never starts.
            bed(process);
            marina.server().reloader().reload().join();
            await().atMost(Duration.ofSeconds(20)).until(() -> !read("clock").isBlank());
        }
        assertThat(ProcessHandle.of(Long.parseLong(read("clock").strip()))).isEmpty();
    }

    @Test
    void aManagedProcessThatThereIsNotKeepsNobodyFromStarting() {
        NavigatorBed bed = bed("managed_processes: [{name: none, command: no-such-program}]\n")
                .file("public/a.txt", "a");
        try (MarinaUnderTest marina = bed.start()) {
            assertThat(marina.get("/a.txt").statusCode()).isEqualTo(200);
        }
    }
}
