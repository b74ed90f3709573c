package marina.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.management.ObjectName;
import marina.admin.CommandLine;
import marina.config.Directories;
import marina.config.SettingsFiles;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was configured before can be had again, and nothing is touched where it cannot. */
class RollbackTest {
    @TempDir
    private Path base;

    private static String health(String body) {
        return "health: { path: /up, body: " + body + " }\n";
    }

    private ReloadOutcome rollback(MarinaUnderTest marina, int number) {
        return marina.server()
                .reloader()
                .rollback(number == 0 ? OptionalInt.empty() : OptionalInt.of(number))
                .join();
    }

    private static List<HistoryEntry> entries(MarinaUnderTest marina) {
        return marina.server().reloader().applied().history().entries();
    }

    @Test
    void goesBackToTheConfigurationBeforeAndFromThereForthAgain() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, health("one"))) {
            marina.reload(health("two"));
            assertThat(marina.get("/up").body()).isEqualTo("two");

            ReloadOutcome outcome = rollback(marina, 0);

            assertThat(outcome.succeeded()).isTrue();
            assertThat(outcome.changed()).containsExactly("health.body: two -> one");
            assertThat(marina.get("/up").body()).isEqualTo("one");
            assertThat(marina.read("conf/server.yml")).contains("body: one");
            assertThat(entries(marina))
                    .extracting(HistoryEntry::cause)
                    .containsExactly("rollback to 1", "command", "start");

            rollback(marina, 0);
            assertThat(marina.get("/up").body()).isEqualTo("two");
        }
    }

    @Test
    void filesThatHaveComeSinceGoAndThoseThatHaveGoneComeBack() {
        MarinaUnderTest.write(base, "conf/contexts/old.yml", "files: site\n");
        MarinaUnderTest.write(base, "conf/notes.txt", "mine");
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            assertThat(base.resolve("conf/contexts/old.yml").toFile().delete()).isTrue();
            MarinaUnderTest.write(base, "conf/contexts/sam/new.yml", "files: site\n");
            ReloadOutcome changed = marina.reload("");
            assertThat(changed.changed()).containsExactly("/old: removed", "/sam/new: added (files)");
            assertThat(marina.get("/sam/new/").statusCode()).isEqualTo(200);

            ReloadOutcome outcome = rollback(marina, 1);

            assertThat(outcome.changed()).containsExactly("/old: added (files)", "/sam/new: removed");
            assertThat(base.resolve("conf/contexts/sam/new.yml")).doesNotExist();
            assertThat(base.resolve("conf/notes.txt")).hasContent("mine");
            assertThat(marina.get("/old/").body()).isEqualTo("hello");
            assertThat(marina.get("/sam/new/").statusCode()).isEqualTo(404);
        }
    }

    /** Users log in with what is in force now, whatever configuration runs. */
    @Test
    void usersAreNoPartOfIt() {
        String line = "users: { %s: { password: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', roles: a } }\n";
        MarinaUnderTest.write(base, "conf/users.yml", String.format(line, "sam"));
        String users = "auth: { users: conf/users.yml, public: [/] }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, health("one") + users)) {
            assertThat(marina.reload(health("two") + users).messages())
                    .containsExactly("Reloaded: 0 added, 0 changed, 0 removed");
            MarinaUnderTest.write(base, "conf/users.yml", String.format(line, "tom"));
            assertThat(rollback(marina, 0).changed()).containsExactly("health.body: two -> one");
            assertThat(marina.read("conf/users.yml")).contains("tom");
        }
    }

    @Test
    void changesThatWereNeverAppliedAreUndoneFirstAndKept() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, health("one"))) {
            marina.reload(health("two"));
            assertThat(marina.reload("healt: 3\n").succeeded()).isFalse();

            assertThat(rollback(marina, 0).succeeded()).isTrue();

            assertThat(marina.read("conf/server.yml")).contains("body: two");
            HistoryEntry broken = entries(marina).stream()
                    .filter(entry -> !entry.applied())
                    .findFirst()
                    .orElseThrow();
            assertThat(broken.cause()).isEqualTo("replaced by a rollback to 2");

            ReloadOutcome refused = rollback(marina, broken.number());

            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.messages().get(0)).startsWith("Rollback refused, nothing has been changed");
            assertThat(refused.messages().get(1)).startsWith("conf/server.yml:2:1: unknown key \"healt\"");
            assertThat(marina.read("conf/server.yml")).contains("body: two");
            assertThat(marina.get("/up").body()).isEqualTo("two");
        }
    }

    @Test
    void keepsTenForTheOwnerAlone() throws IOException {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, health("first"))) {
            for (int i = 0; i < 12; i++) {
                marina.reload(health("n" + i));
            }
            marina.server().reloader().reload().join(); // which changes nothing, and is no entry
            assertThat(entries(marina)).hasSize(10);
            assertThat(entries(marina).get(0).number()).isEqualTo(13);
            assertThat(rollback(marina, 2).messages().get(0)).contains("no configuration 2 in the history");
        }
        try (var all = Files.walk(base.resolve("data/history"))) {
            for (Path one : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                        .as(one.toString())
                        .endsWith("------");
            }
        }
    }

    @Test
    void secretsAreMaskedInWhatIsSaid() throws Exception {
        String app = "contexts: { /a: { command: run, env: { API_TOKEN: %s, MODE: %s } } }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, String.format(app, "first", "slow"))) {
            ReloadOutcome outcome = marina.reload(String.format(app, "second", "fast"));

            assertThat(outcome.changed())
                    .containsExactlyInAnyOrder(
                            "/a: env.MODE: slow -> fast", "/a: env.API_TOKEN: another value, which is secret");
            ObjectName server = new ObjectName("marina:type=Server");
            assertThat((String[]) marina.mbeans().getAttribute(server, "LastChanges"))
                    .contains("/a: env.MODE: slow -> fast");
            assertThat((String) marina.mbeans().getAttribute(server, "LastReload"))
                    .contains("command: Reloaded: ");
            assertThat(Files.readString(base.resolve("data/history/000002/entry.json")))
                    .doesNotContain("second");
            History history = marina.server().reloader().applied().history();
            assertThat(String.valueOf(history.describe(entries(marina).get(0)).get("files")))
                    .contains("API_TOKEN: ***", "MODE: fast")
                    .doesNotContain("second");
        }
    }

    /** An application takes longer to start than the restored files take to be noticed. */
    @Test
    void reloadHooksRunOnceForARollback() throws IOException {
        String yaml =
                """
                hooks: { reload: [{ command: [sh, -c, 'echo run >> runs'] }] }
                contexts:
                  /app: { command: [node, "%s"], directory: ., min_instances: 1, env: { START_DELAY: "%s" } }
                """;
        String app = Path.of("target/test-classes/apps/app.js").toAbsolutePath().toString();
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml.formatted(app, "2500"))) {
            assertThat(marina.reload(yaml.formatted(app, "0")).succeeded()).isTrue();
            Files.writeString(base.resolve("runs"), "");

            assertThat(rollback(marina, 1).succeeded()).isTrue();

            await().during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Files.readAllLines(base.resolve("runs")).size() == 1);
        }
    }

    /** A start hook has written something that nobody can load: it has never taken effect. */
    @Test
    void whatIsKeptOfAStartIsWhatWasRead() throws IOException {
        String hook = "hooks: { start: [{ command: [sh, -c, 'echo healt: 3 >> conf/server.yml'] }] }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, health("one") + hook)) {
            assertThat(marina.get("/up").body()).isEqualTo("one");
            assertThat(marina.read("conf/server.yml")).contains("healt: 3");
            HistoryEntry kept = entries(marina).get(0);
            assertThat(kept.cause()).isEqualTo("start");
            assertThat(new History(new Directories(base, base)).files(kept).values())
                    .singleElement()
                    .satisfies(content -> assertThat(new String(content, UTF_8))
                            .contains("body: one")
                            .doesNotContain("\nhealt: 3"));
        }
    }

    @Test
    void aRollbackThatWasCutOffIsFinishedAtTheNextStart() throws IOException {
        MarinaUnderTest.write(base, "conf/server.yml", "listen: 1\n");
        MarinaUnderTest.write(base, "conf/contexts/a.yml", "files: a\n");
        Directories directories = new Directories(base, base);
        History history = new History(directories);
        Path server = base.resolve("conf/server.yml");
        var present = SettingsFiles.present(directories, server);
        var wanted = new TreeMap<>(present);
        wanted.put(server, "listen: 2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        wanted.remove(base.resolve("conf/contexts/a.yml"));
        // A folder where a file has to go stops it halfway, as a kill would, and it cannot be undone at that place
        // either.
        Path blocked = base.resolve("conf/server.yml.d");
        wanted.put(blocked, new byte[] {'x'});
        Files.createDirectories(blocked.resolve("full"));

        Restoration restoration = new Restoration(history);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> restoration.replace(present, wanted))
                .isInstanceOf(IOException.class);

        assertThat(server).hasContent("listen: 1");
        assertThat(base.resolve("conf/contexts/a.yml")).exists();
        assertThat(restoration.finish()).isFalse();

        restoration.begin(present, withoutBlocked(wanted, blocked));
        assertThat(server).hasContent("listen: 1");
        assertThat(new Restoration(history).finish()).isTrue();
        assertThat(server).hasContent("listen: 2");
        assertThat(base.resolve("conf/contexts/a.yml")).doesNotExist();
        assertThat(new Restoration(history).finish()).isFalse();
    }

    private static SortedMap<Path, byte[]> withoutBlocked(SortedMap<Path, byte[]> files, Path blocked) {
        TreeMap<Path, byte[]> copy = new TreeMap<>(files);
        copy.remove(blocked);
        return copy;
    }

    @Test
    void worksWithoutAMarinaToo() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, health("one"))) {
            marina.reload(health("two"));
        }
        StringWriter out = new StringWriter();
        MarinaUnderTest.write(base, "conf/server.yml", "broken: [\n");

        assertThat(run(out, "rollback")).isZero();
        assertThat(out.toString()).contains("configuration 2 are back").contains("its next start reads them");
        assertThat(run(out, "rollback", "1", "--json")).isZero();
        assertThat(out.toString()).contains("\"succeeded\":true");
        assertThat(base.resolve("conf/server.yml")).content().contains("body: one");
        assertThat(run(out, "history")).isZero();
        assertThat(out.toString())
                .contains("2 *")
                .contains("health.body: one -> two")
                .contains("replaced by a rollback");
        assertThat(run(out, "rollback", "77")).isEqualTo(1);
        assertThat(run(out, "rollback", "x")).isEqualTo(2);
    }

    private int run(StringWriter out, String... arguments) {
        return new CommandLine(new Directories(base, base), Map.of())
                .picocli()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }
}
