package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import marina.config.ContextPath;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code migrate} runs before the first start of what has been deployed, and not again until something else is. */
class MigrationTest {
    private static final Path APPS = Path.of("target/test-classes/apps").toAbsolutePath();

    @TempDir
    private Path base;

    @BeforeEach
    void copyApp() throws IOException {
        Files.createDirectories(base.resolve("app"));
        Files.copy(APPS.resolve("app.js"), base.resolve("app/app.js"));
    }

    private String command(String more) {
        return """
                contexts:
                  /app:
                    command: [node, app.js]
                    directory: app
                    page_after: 30s
                    %s
                """
                .formatted(more.strip().replace("\n", "\n    "));
    }

    private List<String> story() throws IOException {
        return Files.readAllLines(base.resolve("app/story"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "migrate: \"sh -c 'echo migrate $PORT >> story'\"",
                "migrate: [{ command: [sh, -c, \"echo migrate ${port} >> story\"], timeout: 9s }]",
                "hooks: { migrate: { command: [sh, -c, \"echo migrate $PORT >> story\"] } }",
            })
    void comesBeforeTheStartHooksOnceAndNotAfterAnIdleStop(String migrate) throws Exception {
        boolean below = migrate.startsWith("hooks");
        String start = "start: { command: [sh, -c, \"echo start >> story\"] }";
        String yaml = command("idle_timeout: 500ms\n"
                + (below
                        ? migrate.replace("hooks: {", "hooks: { " + start + ",")
                        : migrate + "\nhooks: { " + start + " }"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/app/pid").statusCode()).isEqualTo(200);
            marina.awaitState("/app", "stopped");
            assertThat(marina.get("/app/pid").statusCode()).isEqualTo(200);
            assertThat(story()).hasSize(3).element(0).asString().matches("migrate \\d+");
            assertThat(story().subList(1, 3)).containsExactly("start", "start");

            marina.server().reloader().restart(new ContextPath("/app")).join();
            assertThat(marina.get("/app/pid").statusCode()).isEqualTo(200);
            assertThat(story().subList(3, 5)).first().asString().startsWith("migrate");
        }
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            marina.get("/app/pid");
            assertThat(story())
                    .as("after a restart of Marina")
                    .filteredOn(line -> line.startsWith("migrate"))
                    .hasSize(3);
        }
    }

    @Test
    void aFailureFailsTheStartWithItsReasonAndTheNextRequestTriesAgain() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                command(
                        "migrate: [{ command: [sh, -c, \"echo try >> story; test -e ok || { echo no table >&2; exit 3; }\"] }]"
                                + "\nhooks: { start: [{ command: [sh, -c, \"echo start >> story\"] }] }"))) {
            assertThat(marina.get("/app/pid").statusCode()).isEqualTo(503);
            assertThat(marina.status("/app").backend().reason())
                    .startsWith("hook migrate of /app: \"sh -c ")
                    .endsWith("ended with exit status 3: no table");
            assertThat(story()).containsExactly("try");

            Files.createFile(base.resolve("app/ok"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> marina.get("/app/pid").statusCode() == 200);
            assertThat(story()).endsWith("try", "start");
        }
    }

    @Test
    void severalInstancesShareOneMigration() throws Exception {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                command(
                        "migrate: \"sh -c 'echo begin >> story; sleep 1; echo end >> story'\"\n"
                                + "instances: 3\nmin_instances: 3\nhooks: { start: [{ command: [sh, -c, \"echo start >> story\"] }] }"))) {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 9)
                    .mapToObj(i -> marina.getAsync("/app/pid"))
                    .toList();
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
            assertThat(story()).containsExactly("begin", "end", "start");
        }
    }

    @Test
    void aNewReleaseWhoseMigrationFailsLeavesTheOldOneServing() throws Exception {
        String yaml =
                command("env: { VERSION: \"%s\" }\nmigrate: \"sh -c 'echo $VERSION >> story; test $VERSION != bad'\"");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml.formatted("one"))) {
            String pid = marina.get("/app/pid").body();

            marina.reload(yaml.formatted("bad"));
            await().until(() -> story().contains("bad"));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(marina.get("/app/pid").body()).isEqualTo(pid));

            marina.reload(yaml.formatted("two"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !marina.get("/app/pid").body().equals(pid));
            assertThat(story()).containsExactly("one", "bad", "two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "process"})
    void aWarIsMigratedWithItsDatabaseUrlAndInTheBaseFolder(String isolation) throws Exception {
        MarinaUnderTest.write(base, "webapps/list/WEB-INF/web.xml", "<web-app/>");
        MarinaUnderTest.write(base, "webapps/list/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /sam/list:
                    war: list
                    ee: 10
                    isolation: %s
                    page_after: 60s
                    env: { COLOUR: blue }
                    migrate: "sh -c 'echo $DATABASE_URL $COLOUR >> seen; test -n \\"$PATH\\" && touch ${DATABASE_FILE:-data/sam/list.made}'"
                """
                        .formatted(isolation))) {
            assertThat(marina.get("/sam/list/index.html").body()).isEqualTo("hello");
            assertThat(marina.read("seen")).isEqualTo("sqlite:data/sam/list.db blue\n");
            assertThat(base.resolve("data/sam/list.made")).exists();
        }
    }
}
