package marina.simulator.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.simulator.topology.Topology.Autostop;
import marina.simulator.topology.Topology.MachineSpec;
import org.junit.jupiter.api.Test;

/** FLEET.yml: what it says, and what is wrong with it. */
class FleetFileTest {

    private static final Pattern SAMPLE = Pattern.compile("(?s)```yml\n(.*?)```");

    @Test
    void theSamplesOfTheDocumentationAreRight() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "simulator.md"));
        Matcher samples = SAMPLE.matcher(text);
        int count = 0;
        while (samples.find()) {
            assertThat(FleetFile.parse("docs/simulator.md", samples.group(1)).apps())
                    .isNotEmpty();
            count++;
        }
        assertThat(count).isPositive();
    }

    @Test
    void theExampleOfAGameIsRight() {
        Topology topology = FleetFile.read(Path.of("..", "examples", "gameserver", "FLEET.yml"));
        assertThat(topology.apps().get(0).machines())
                .extracting(MachineSpec::region)
                .containsExactly("ewr", "lhr", "nrt");
    }

    @Test
    void machinesTakeWhatTheyDoNotSayFromTheirApp() {
        Topology topology = FleetFile.parse(
                "f.yml",
                """
                regions: { ewr: {}, nrt: {} }
                rtt: { ewr-nrt: 170 }
                apps:
                  shop:
                    machine: { command: [a, b], autostop: suspend, memory: 256 }
                    machines: [{ region: nrt }, { id: m2, region: ewr, memory: 1024, marina: base }]
                """);
        List<MachineSpec> machines = topology.apps().get(0).machines();
        assertThat(machines.get(0).command()).containsExactly("a", "b");
        assertThat(machines.get(0).autostop()).isEqualTo(Autostop.SUSPEND);
        assertThat(machines.get(0).memory()).isEqualTo(256);
        assertThat(machines.get(0).killTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(machines.get(1).memory()).isEqualTo(1024);
        assertThat(machines.get(1).command()).isEmpty();
        assertThat(machines.get(1).marina()).isEqualTo("base");
        assertThat(topology.regions().roundTrip("nrt", "ewr")).isEqualTo(170);
        assertThat(topology.from()).isEqualTo("ewr");
    }

    @Test
    void distanceMakesTheOrderOfRegions() {
        Topology topology = FleetFile.parse(
                "f.yml",
                """
                regions: { nrt: {}, lhr: {}, ewr: {}, fra: {}, home: { latitude: 51, longitude: 7, area: [eu] } }
                apps: { shop: { machines: [] } }
                """);
        assertThat(topology.regions().expand("any", "ewr")).containsExactly("ewr", "lhr", "home", "fra", "nrt");
        assertThat(topology.regions().expand("eu", "nrt"))
                .contains("lhr", "fra", "home")
                .hasSize(3);
        assertThat(topology.regions().expand("usa", "nrt")).containsExactly("ewr");
        assertThat(topology.regions().expand("syd", "nrt")).isEmpty();
    }

    @Test
    void allProblemsAreToldAtOnceWithTheirPlaces() {
        String text =
                """
                regions: { ewr: {}, xyz: {} }
                from: lhr
                retry_fro: 2s
                network: 10.0.0
                apps:
                  shop:
                    services: [{ listen: 0.0.0.0:80, proto: ftp, replay_cache: [{ ttl: 5s }] }]
                    machines:
                      - { id: m1, region: nrt, command: [a], autostop: maybe }
                      - { id: m1, region: ewr, kill_timeout: soon, color: red }
                  Bad_Name: {}
                """;
        assertThatThrownBy(() -> FleetFile.parse("f.yml", text))
                .isInstanceOf(FleetFileException.class)
                .satisfies(failure -> assertThat(
                                String.valueOf(failure.getMessage()).lines())
                        .containsSubsequence(
                                "f.yml:2:7: from: \"lhr\" is not among the regions; write one of them",
                                "f.yml:3:1: retry_fro: is no key of this place; see docs/simulator.md",
                                "f.yml:9:27: apps.shop.machines[0].region: \"nrt\" is not among the regions; add it there")
                        .anyMatch(line -> line.startsWith("f.yml:4:10: network: "))
                        .anyMatch(line -> line.startsWith("f.yml:7:26: apps.shop.services[0].listen: "))
                        .anyMatch(line -> line.contains(".proto: \"ftp\""))
                        .anyMatch(line -> line.contains(".ttl: is shorter than 10s"))
                        .anyMatch(line -> line.contains(".name: is missing"))
                        .anyMatch(line ->
                                line.endsWith(".autostop: \"maybe\" is not valid here; write off, stop or suspend"))
                        .anyMatch(line -> line.contains(".id: \"m1\""))
                        .anyMatch(line -> line.contains(".kill_timeout: \"soon\""))
                        .anyMatch(line -> line.contains(".color: is no key"))
                        .anyMatch(line -> line.contains("machines[1].command: write either"))
                        .anyMatch(line -> line.contains("apps.Bad_Name: is no name"))
                        .anyMatch(line -> line.contains("regions.xyz: ")));
    }

    @Test
    void brokenYamlNamesItsPlace() {
        assertThatThrownBy(() -> FleetFile.parse("f.yml", "regions: {\napps: ["))
                .isInstanceOf(FleetFileException.class)
                .hasMessageStartingWith("f.yml:");
        assertThatThrownBy(() -> FleetFile.read(Path.of("gone.yml"))).hasMessageContaining("gone.yml: cannot be read");
    }
}
