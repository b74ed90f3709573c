package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.config.EeLevel;
import marina.testing.ClientLoad;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Folders in webapps that appear, change and go while Marina runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class DroppedFoldersTest {
    private DeploymentBed bed;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        bed = new DeploymentBed(folder);
    }

    @AfterAll
    void stop() {
        bed.close();
    }

    private Path webapp(String name) {
        return bed.path("webapps/" + name);
    }

    private String body(String path) {
        return bed.marina().get(path).body();
    }

    private static void pause() {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS))
                .join();
    }

    @Test
    void aFolderThatIsStillBeingCopiedIsNotTakenForWhatItLooksLike() throws Exception {
        bed.write(webapp("slow/index.html"), "a page");
        ClientLoad load = ClientLoad.on(bed.marina(), "/slow/pages/0.jsp", 1);
        for (int i = 0; i < 15; i++) {
            bed.write(webapp("slow/pages/" + i + ".jsp"), "<%-- secret --%>shown");
            pause();
        }
        bed.folder(webapp("slow"), "whole");
        bed.awaitText("/slow", "whole");
        await().atMost(DeploymentBed.PATIENCE)
                .until(() -> body("/slow/pages/0.jsp").equals("shown"));
        assertThat(load.stop()).allMatch(answer -> answer.startsWith("404"));
        assertThat(load.bodies()).as("a site before it was an application").containsOnly("shown");
        assertThat(bed.marina().get("/slow/WEB-INF/web.xml").statusCode()).isEqualTo(404);
    }

    @Test
    void aRunningOneIsStartedAnewByJarsAndByAnOlderWebXml() throws Exception {
        bed.folder(webapp("changing"), "text");
        bed.awaitText("/changing", "text");
        ClientLoad load = ClientLoad.on(bed.marina(), "/changing/do", 2);

        String first = bed.born("/changing");
        Files.createDirectories(webapp("changing/WEB-INF/lib"));
        Files.write(
                webapp("changing/WEB-INF/lib/a.jar"),
                new TestWar(EeLevel.EE10, bed.outside("jar")).file("a.txt", "a").bytes());
        await("a new jar").until(() -> !bed.born("/changing").equals(first));

        String second = bed.born("/changing");
        Path webXml = webapp("changing/WEB-INF/web.xml");
        Files.setLastModifiedTime(webXml, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        await("an older web.xml").until(() -> !bed.born("/changing").equals(second));

        bed.awaitReload();
        String third = bed.born("/changing");
        bed.write(webapp("changing/WEB-INF/logs/today.log"), "what the application writes");
        bed.write(webapp("changing/page.html"), "what nobody has to start for");
        bed.awaitReload();
        assertThat(bed.born("/changing")).isEqualTo(third);
        assertThat(body("/changing/page.html")).isEqualTo("what nobody has to start for");
        assertThat(load.stop()).isEmpty();
    }

    @Test
    void aReleaseThatIsExchangedByItsLinkTakesOver() throws Exception {
        Path one = bed.folder(bed.outside("release-1"), "one");
        Path two = bed.folder(bed.outside("release-2"), "two");
        Files.createSymbolicLink(webapp("current"), one);
        bed.awaitText("/current", "one");
        ClientLoad load = ClientLoad.on(bed.marina(), "/current/do", 2);
        String born = bed.born("/current");
        Files.createSymbolicLink(bed.path("next"), two);
        Files.move(bed.path("next"), webapp("current"), StandardCopyOption.ATOMIC_MOVE);
        bed.awaitText("/current", "two");
        assertThat(load.stop()).isEmpty();
        assertThat(load.bodies()).as("no old classes with new files").doesNotContain("two#" + born);
    }

    @Test
    void aFolderIsWhatIsInItAndFallsBackToWhatIsLeft() throws Exception {
        String script =
                Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();
        bed.write(webapp("many/index.html"), "a page");
        await().until(() -> body("/many/").equals("a page"));
        bed.write(webapp("many/Procfile"), "web: node " + script + "\n");
        await().atMost(DeploymentBed.PATIENCE).until(() -> body("/many/x").contains("\"url\":\"/many/x\""));
        bed.folder(webapp("many"), "an application");
        bed.awaitText("/many", "an application");
        bed.war(webapp("many.war"), "an archive");
        bed.awaitText("/many", "an archive");
        ClientLoad load = ClientLoad.on(bed.marina(), "/many/do", 2);
        bed.delete(webapp("many.war"));
        bed.awaitText("/many", "an application");
        assertThat(load.stop()).isEmpty();
        bed.delete(webapp("many/WEB-INF"));
        await().atMost(DeploymentBed.PATIENCE).until(() -> body("/many/x").contains("\"url\":\"/many/x\""));
        bed.delete(webapp("many/Procfile"));
        await().atMost(DeploymentBed.PATIENCE).until(() -> body("/many/").equals("a page"));
        bed.delete(webapp("many/index.html"));
        await().until(() -> bed.marina().get("/many/").statusCode() == 404);
    }

    @Test
    void aTouchedProcfileIsANewRelease() throws Exception {
        String script =
                Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();
        Path procfile = bed.write(webapp("node/Procfile"), "web: node " + script + "\n");
        await().atMost(DeploymentBed.PATIENCE).until(() -> body("/node/pid").matches("\\d+"));
        String pid = body("/node/pid");
        ClientLoad load = ClientLoad.on(bed.marina(), "/node/pid", 2);
        Files.setLastModifiedTime(procfile, FileTime.from(Instant.now().plusSeconds(1)));
        await().atMost(DeploymentBed.PATIENCE).until(() -> !body("/node/pid").equals(pid));
        assertThat(load.stop()).isEmpty();
    }
}
