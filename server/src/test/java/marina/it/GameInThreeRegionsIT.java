package marina.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of the game in the simulator: three Marinas with one configuration, each in a region of its own, behind one edge. The
 * files are those of the example; its ports are free ones, and there is one more arena, at a path that says no region.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GameInThreeRegionsIT {
    private static final Path EXAMPLE = HomeUnderTest.home().resolve("examples/gameserver");
    private static final Map<String, String> MACHINES = Map.of("ewr", "newark", "lhr", "london", "nrt", "tokyo");

    private GameFleet fleet;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        Path base = Files.createDirectories(folder.resolve("base/conf"));
        Files.writeString(
                base.resolve("server.yml"),
                Files.readString(EXAMPLE.resolve("fleet/conf/server.yml")) + "  /anywhere: { app: game }\n");
        Files.createSymbolicLink(folder.resolve("base/webapps"), EXAMPLE.resolve("fleet/webapps"));
        String world = Files.readString(EXAMPLE.resolve("FLEET.yml"))
                .replaceAll("127\\.0\\.0\\.1:(8000|7070)\\b", "127.0.0.1:0")
                .replace("marina: fleet,", "marina: \"" + folder.resolve("base") + "\",");
        assertThat(world).contains("listen: 127.0.0.1:0", "control: 127.0.0.1:0", "marina: \"/");
        fleet = new GameFleet(
                Files.createDirectories(folder.resolve("sim")), Files.writeString(folder.resolve("FLEET.yml"), world));
        for (String region : MACHINES.keySet()) {
            fleet.awaitPage(region, "/gameserver/" + region + "/");
            fleet.awaitPage(region, "/anywhere/");
        }
    }

    @AfterAll
    void stop() {
        fleet.close();
    }

    @Test
    void pageAndLiveConnectionOfAnArenaComeFromItsRegionWhereverTheVisitorIs() throws Exception {
        for (String arena : MACHINES.keySet()) {
            for (String visitor : MACHINES.keySet()) {
                String path = "/gameserver/" + arena + "/";
                HttpResponse<String> page = fleet.get(visitor, path);
                assertThat(page.statusCode()).as(path).isEqualTo(200);
                assertThat(page.body())
                        .as("%s for a visitor near %s", path, visitor)
                        .contains("data-match=\"yes\">Page from <b>" + arena + "</b>, machine <code>"
                                + MACHINES.get(arena) + "</code>");

                Map<?, ?> welcome = fleet.firstMessage(visitor, path + "live");
                assertThat(welcome.get("region"))
                        .as("%slive near %s", path, visitor)
                        .isEqualTo(arena);
                assertThat(welcome.get("machine")).isEqualTo(MACHINES.get(arena));
            }
        }
    }

    @Test
    void aRequestFromAfarGoesByTheNearestMachineWhichReplaysIt() throws Exception {
        fleet.get("lhr", "/gameserver/nrt/health");
        assertThat(fleet.wayOf("/gameserver/nrt/health", "lhr")).containsExactly("london replay", "tokyo answer");
        fleet.get("nrt", "/gameserver/nrt/health");
        assertThat(fleet.wayOf("/gameserver/nrt/health", "nrt")).containsExactly("tokyo answer");

        fleet.firstMessage("ewr", "/gameserver/lhr/live");
        assertThat(fleet.wayOf("/gameserver/lhr/live", "ewr")).containsExactly("newark replay", "london tunnel");
    }

    @Test
    void theLobbyComesFromTheMachineThatIsNear() {
        for (Map.Entry<String, String> machine : MACHINES.entrySet()) {
            assertThat(fleet.awaitPage(machine.getKey(), "/lobby/"))
                    .contains(
                            "This page comes from <b>" + machine.getKey() + "</b>, machine <code>" + machine.getValue(),
                            "href=\"../gameserver/lhr/\"");
        }
    }

    @Test
    void aLiveConnectionToAPathWithoutARegionFindsTheMachineOfThePageByItsCookie() throws Exception {
        HttpResponse<String> page = fleet.get("ewr", "/gameserver/nrt/");
        String cookie = page.headers().firstValue("Set-Cookie").orElse("none").replaceAll(";.*", "");
        assertThat(cookie).isEqualTo("marina_place=nrt");

        assertThat(fleet.firstMessage("ewr", "/anywhere/live", "Cookie", cookie).get("machine"))
                .isEqualTo("tokyo");
        assertThat(fleet.wayOf("/anywhere/live", "ewr")).containsExactly("newark replay", "tokyo tunnel");
        assertThat(fleet.firstMessage("ewr", "/anywhere/live").get("machine"))
                .as("without the cookie: the nearest")
                .isEqualTo("newark");
    }
}
