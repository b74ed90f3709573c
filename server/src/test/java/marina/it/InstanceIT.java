package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One installation, instances elsewhere: Tomcat's variables and the folders that they name. */
class InstanceIT {
    @TempDir
    private Path base;

    @Test
    void honoursTomcatsVariablesAndWhatSetenvSetsInAFolderWithASpace() throws IOException {
        Path link = Files.createSymbolicLink(base.resolve("current release"), HomeUnderTest.home());
        Path pidFile = base.resolve("marina of sam.pid");
        String app =
                """
                contexts: { /env: { command: [node, app.js], directory: %s, env: { FROM_SETENV: "${FROM_SETENV}" } } }
                """
                        .formatted(Apps.FOLDER);
        try (HomeUnderTest home = HomeUnderTest.at(base.resolve("sam's instance"), app)
                .through(link)
                .with("MARINA_PID", pidFile.toString())
                .with("JAVA_OPTS", "-Dit.java=1 -Xmx256m")
                .with("MARINA_OPTS", "-Dit.marina=2")
                .write(
                        "bin/setenv.sh",
                        "export FROM_SETENV='set in setenv'\nMARINA_OPTS=\"$MARINA_OPTS -Dit.setenv=3\"\n")) {
            home.start();
            assertThat(Files.readString(pidFile)).isEqualTo(home.pid() + "\n");
            assertThat(home.path("run/marina.pid")).doesNotExist();
            assertThat(Files.readString(Path.of("/proc/" + home.pid() + "/cmdline"))
                            .split("\0"))
                    .contains("-Dit.java=1", "-Dit.marina=2", "-Dit.setenv=3");
            home.browser().awaitBody("/env/env", "\"FROM_SETENV\":\"set in setenv\"");
            assertThat(home.path("logs/contexts/env.log")).exists();

            assertThat(home.marina("status").exits(0).out()).contains("pid " + home.pid());
            home.stop();
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void restartsWhetherItRunsOrNot() {
        try (HomeUnderTest home = HomeUnderTest.at(base, "")) {
            home.marina("restart").exits(0);
            String first = home.read("run/marina.pid").strip();
            assertThat(home.marina("restart").exits(0).out()).contains("stopped (pid " + first, "Marina started");
            String second = home.read("run/marina.pid").strip();
            assertThat(second).isNotEqualTo(first);
            assertThat(Processes.isAlive(Long.parseLong(first))).isFalse();
            home.stop();
        }
    }

    @Test
    void saysThatTheInstanceDoesNotExist() {
        try (HomeUnderTest home = HomeUnderTest.at(base, "")) {
            assertThat(home.with("MARINA_BASE", base.resolve("none").toString())
                            .script("startup.sh")
                            .exits(1)
                            .err())
                    .contains("MARINA_BASE", base.resolve("none").toString());
        }
    }
}
