package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import marina.testing.SmallDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two scripts that everybody meets first. */
class StartAndStopIT {
    @TempDir
    private Path base;

    @Test
    void startsOnceSaysWhatItServesAndStopsForGood() {
        try (HomeUnderTest home = HomeUnderTest.at(
                base,
                """
                contexts:
                  /docs: { files: site }
                  /app: { command: [sleep, "${port}"], env: { COLOUR: blue } }
                """)) {
            home.write("site/index.html", "hello");
            HomeUnderTest.Outcome first = home.start();
            assertThat(first.out().lines().toList())
                    .hasSize(3)
                    .anyMatch(line -> line.matches("  " + home.uri("/docs/") + " +files"))
                    .anyMatch(line -> line.matches("  " + home.uri("/app/") + " +command"));
            assertThat(home.browser().body("/docs/")).isEqualTo("hello");

            HomeUnderTest.Outcome second = home.script("startup.sh").exits(1);
            assertThat(second.out() + second.err())
                    .contains("already runs: pid " + home.pid())
                    .contains(":" + home.port());
            assertThat(home.browser().body("/docs/")).isEqualTo("hello");

            home.stop();
            assertThat(home.processes()).isEmpty();
            assertThat(home.path("run/marina.pid")).doesNotExist();
            assertThatThrownBy(() -> home.browser().get("/docs/")).hasMessageContaining("ConnectException");

            assertThat(home.script("shutdown.sh").exits(3).err()).contains("not running");
            home.marina("status").exits(3);
            home.marina("contexts").exits(3);
            home.marina("reload").exits(3);
        }
    }

    @Test
    void aDiskWithoutRoomForTheAddressesDoesNotKeepTheStartFromEnding() throws Exception {
        try (SmallDisk disk = SmallDisk.at(base.resolve("run"), "8k");
                HomeUnderTest home = HomeUnderTest.at(base, "")) {
            Files.write(disk.folder().resolve("other"), new byte[4096]); // and there is room for the process id
            String said = home.script("startup.sh").exits(0).out();
            assertThat(said).containsPattern("Marina started: pid \\d+; logs/marina.log tells why");
            assertThat(home.read("logs/marina.log")).contains("\"start\" does not tell what Marina serves");
            home.marina("status").exits(0);
            home.script("shutdown.sh").exits(0);
        }
    }

    @Test
    void ofManyContextsTheFirstAreListedAndTheOthersCounted() {
        StringBuilder yaml = new StringBuilder("contexts:\n");
        for (int i = 100; i < 130; i++) {
            yaml.append("  /site").append(i).append(": { files: site }\n");
        }
        try (HomeUnderTest home = HomeUnderTest.at(base, yaml.toString())) {
            home.write("site/index.html", "hello");
            List<String> lines = home.start().out().lines().toList();
            assertThat(lines).hasSize(12);
            assertThat(lines.get(1)).contains("/site100/");
            assertThat(lines.get(10)).contains("/site109/");
            assertThat(lines.get(11)).isEqualTo("  and 20 more; \"marina.sh contexts\" lists them all");
            assertThat(home.marina("contexts").exits(0).out()).contains("/site129/");
        }
    }

    @Test
    void saysWhoHasThePortAndWhereItIsConfigured() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HomeUnderTest home = HomeUnderTest.at(base, "")) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            home.write("conf/server.yml", "# mine\nlisten: \"" + address + "\"\n");
            assertFailedStart(home, address, "in use", "conf/server.yml:2:9");
        }
    }

    @Test
    void saysEveryMistakeOfTheConfigurationWithItsPlace() {
        try (HomeUnderTest home = HomeUnderTest.at(
                base,
                """
                contexts:
                  /a: { command: [run], idle_timout: 5m }
                  /b: { command: [run], idle_timeout: 10 min }
                """)) {
            home.write("conf/contexts/c.yml", "war: none.war\n");
            assertFailedStart(
                    home,
                    "conf/contexts/c.yml:1:",
                    "conf/server.yml:3:25: contexts./a: unknown key \"idle_timout\";"
                            + " did you mean \"idle_timeout\"?",
                    "conf/server.yml:4:39: contexts./b.idle_timeout: \"10 min\" is not a duration");
            home.write("conf/server.yml", "listen: 8080\n  contexts: {\n");
            assertFailedStart(home, "conf/server.yml:2:");
        }
    }

    @Test
    void saysThatALogFolderCannotBeWritten() {
        try (HomeUnderTest home = HomeUnderTest.at(base.resolve("a"), "log: { directory: elsewhere }\n")) {
            home.write("elsewhere", "a file where the folder should be");
            assertFailedStart(home, "log.directory", "elsewhere");
        }
        try (HomeUnderTest home = HomeUnderTest.at(base.resolve("b"), "")) {
            home.write("logs", "a file where the folder should be");
            assertFailedStart(home, home.path("logs").toString());
        }
    }

    @Test
    void saysWhichStartHookFailed() {
        try (HomeUnderTest home = HomeUnderTest.at(
                base,
                """
                hooks: { start: [{ command: [sh, -c, "echo no schema >&2; exit 3"] }] }
                contexts: { /app: { command: [sleep, "60"], min_instances: 1 } }
                """)) {
            assertFailedStart(home, "sh -c", "exit status 3");
            assertThat(home.read("logs/marina.log")).contains("no schema");
        }
    }

    private static void assertFailedStart(HomeUnderTest home, String... reasons) {
        HomeUnderTest.Outcome outcome = home.script("startup.sh").exits(1);
        assertThat(outcome.err()).contains(reasons).doesNotContain("Exception").doesNotContain("logback");
        assertThat(home.processes()).isEmpty();
        home.marina("status").exits(3);
    }
}
