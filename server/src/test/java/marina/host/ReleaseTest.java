package marina.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import marina.testing.ClientLoad;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new release in the folder of an application leads to a rolling restart. */
class ReleaseTest {
    @TempDir
    private Path base;

    @Test
    void touchingTheProcfileOfAFolderInWebappsRestartsItWithoutAFailedRequest() throws Exception {
        MarinaUnderTest.write(base, "webapps/shop/Procfile", "web: node " + app() + "\n");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            touchingRestarts(marina, "/shop/pid", "webapps/shop/Procfile");
            touchingRestarts(marina, "/shop/pid", "webapps/shop/tmp/restart.txt");
        }
    }

    @Test
    void touchingRestartTxtInADirectoryRestartsTheContextsThatRunThere() throws Exception {
        Files.createDirectories(base.resolve("release"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /shop: { command: [node, %s], directory: release }
                  /other: { command: [node, %s] }
                """
                        .formatted(app(), app()))) {
            String other = marina.get("/other/pid").body();

            touchingRestarts(marina, "/shop/pid", "release/tmp/restart.txt");

            assertThat(marina.get("/other/pid").body()).isEqualTo(other);
        }
    }

    private void touchingRestarts(MarinaUnderTest marina, String path, String file) throws Exception {
        String before = marina.get(path).body();
        ClientLoad load = ClientLoad.on(marina, path, 2);

        MarinaUnderTest.write(base, file, Files.exists(base.resolve(file)) ? Files.readString(base.resolve(file)) : "");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> !marina.get(path).body().equals(before));
        assertThat(load.stop()).isEmpty();
    }

    private static Path app() {
        return Path.of("target/test-classes/apps/app.js").toAbsolutePath();
    }
}
