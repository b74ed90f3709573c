package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is dropped into webapps and conf/contexts while Marina runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class DeploymentIT {
    private static final Path SHIPPED = HomeUnderTest.home().resolve("webapps");

    private static final String NODE = "command: [node, app.js]\ndirectory: " + Apps.FOLDER + "\n";

    private HomeUnderTest home;

    @BeforeAll
    void start(@TempDir Path base) {
        home = HomeUnderTest.at(base, "").write("webapps/README.md", "drop applications here");
        home.start();
    }

    @AfterAll
    void stop() {
        home.close();
    }

    @Test
    void deploysAnArchiveOnlyWhenItIsWholeAndFollowsItsLife() throws IOException {
        Path war = home.path("webapps/list.war");
        byte[] bytes = Files.readAllBytes(SHIPPED.resolve("todo.war"));
        Files.write(war, Arrays.copyOf(bytes, bytes.length / 2));
        await("half an archive is left alone")
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(8))
                .until(() -> home.browser().get("/list/").statusCode() == 404);
        Files.write(war, Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length), StandardOpenOption.APPEND);
        home.browser().awaitStatus("/list/", 200);
        assertThat(home.browser().post("/list/items", "text", "keep me").statusCode())
                .isEqualTo(303);
        assertThat(home.path("data/list.db")).exists();

        Files.write(war, Arrays.copyOf(bytes, bytes.length / 2));
        await("half a replacement is left alone")
                .during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(8))
                .until(() -> home.browser().body("/list/").contains("keep me"));

        replace(war, "ROOT.war");
        home.browser().awaitBody("/list/", "Marina");
        replace(war, "todo.war");
        home.browser().awaitBody("/list/", "keep me");

        Files.delete(war);
        home.browser().awaitStatus("/list/", 404);
    }

    @Test
    void deploysFoldersAndDescriptorsAndTakesThemAwayAgain() throws IOException {
        String script = Apps.FOLDER.resolve("app.js").toString();
        home.write("webapps/node/Procfile", "worker: none\nweb: node " + script + "\n")
                .write("webapps/site/index.html", "a site")
                .write("conf/contexts/sam#x.yml", NODE + "env: { VERSION: one }\n");
        home.browser().awaitBody("/site/", "a site");
        home.browser().awaitBody("/sam/x/version", "one");
        home.browser().awaitBody("/node/x", "\"url\":\"/node/x\"");

        home.write("conf/contexts/sam#x.yml", NODE + "env: { VERSION: two }\n");
        home.browser().awaitBody("/sam/x/version", "two");

        Files.delete(home.path("conf/contexts/sam#x.yml"));
        Files.delete(home.path("webapps/site/index.html"));
        Files.delete(home.path("webapps/node/Procfile"));
        home.browser().awaitStatus("/sam/x/version", 404);
        home.browser().awaitStatus("/site/", 404);
        home.browser().awaitStatus("/node/x", 404);
        await("their processes are gone")
                .atMost(HomeUnderTest.PATIENCE)
                .until(() -> home.processes().size() == 1);
    }

    private void replace(Path war, String by) throws IOException {
        Path draft = Files.copy(SHIPPED.resolve(by), home.path("draft"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, war, StandardCopyOption.ATOMIC_MOVE);
    }
}
