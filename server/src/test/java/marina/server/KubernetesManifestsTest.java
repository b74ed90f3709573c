package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import marina.testing.FleetBed;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests of docs/fleet.md are well-formed, fit together, and do what they are for with the answers of a cluster's DNS. */
@SuppressWarnings("NullAway.Init")
class KubernetesManifestsTest {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```yaml kubernetes\\n(.*?)^```$");
    private static final Pattern PEERS = Pattern.compile("peers: \"http://marina-\\{region}\\.([a-z.]+):8080\"");

    @TempDir
    private Path base;

    private final List<Map<?, ?>> manifests = new ArrayList<>();

    @BeforeEach
    void read() throws IOException {
        String docs = Files.readString(Path.of(System.getProperty("marina.home", ".."), "docs/fleet.md"));
        Matcher fence = FENCE.matcher(docs);
        assertThat(fence.find()).isTrue();
        for (Object one : new Load(LoadSettings.builder().build()).loadAllFromString(fence.group(1))) {
            manifests.add((Map<?, ?>) one);
        }
    }

    private static Object at(Object manifest, String... path) {
        Object found = manifest;
        for (String step : path) {
            found = found instanceof List<?> list
                    ? Objects.requireNonNull(list.get(Integer.parseInt(step)))
                    : Objects.requireNonNull(((Map<?, ?>) found).get(step), "no " + step + " in " + found);
        }
        return found;
    }

    private List<Map<?, ?>> of(String kind) {
        return manifests.stream()
                .filter(manifest -> kind.equals(manifest.get("kind")))
                .toList();
    }

    private String serverFile() {
        return at(of("ConfigMap").get(0), "data", "server.yml").toString();
    }

    @Test
    void eachManifestIsOneOfAKnownKind() {
        Map<String, String> kinds = Map.of("ConfigMap", "v1", "Service", "v1", "Deployment", "apps/v1");
        for (Map<?, ?> manifest : manifests) {
            assertThat(kinds)
                    .containsEntry(
                            at(manifest, "kind").toString(),
                            at(manifest, "apiVersion").toString());
            assertThat(at(manifest, "metadata", "name").toString()).matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
        }
        assertThat(manifests).hasSize(5);
    }

    @Test
    void deploymentsServicesAndTheConfigurationFitTogether() {
        Set<Object> regions = new HashSet<>();
        for (Map<?, ?> deployment : of("Deployment")) {
            Object labels = at(deployment, "spec", "template", "metadata", "labels");
            assertThat(at(deployment, "spec", "selector", "matchLabels")).isEqualTo(labels);
            Object container = at(deployment, "spec", "template", "spec", "containers", "0");
            Map<Object, Object> env = ((List<?>) at(container, "env"))
                    .stream().collect(Collectors.toMap(one -> at(one, "name"), one -> at(one, "value")));
            assertThat(env).containsEntry("MARINA_REGION", at(labels, "region"));
            assertThat(at(deployment, "spec", "template", "spec", "volumes", "0", "configMap", "name"))
                    .isEqualTo(at(of("ConfigMap").get(0), "metadata", "name"));
            regions.add(at(labels, "region"));
            assertThat(of("Service")).anySatisfy(service -> {
                assertThat(at(service, "spec", "selector")).isEqualTo(labels);
                assertThat(at(service, "metadata", "name")).isEqualTo("marina-" + at(labels, "region"));
                assertThat(at(service, "spec", "clusterIP")).isEqualTo("None");
            });
        }
        assertThat(regions).containsExactlyInAnyOrder("ewr", "syd");
    }

    @Test
    void withTheAnswersOfAClusterRequestsFindTheirPod() throws IOException {
        Matcher peers = PEERS.matcher(serverFile());
        assertThat(peers.find()).isTrue();
        try (FleetBed bed = new FleetBed(base);
                HeadEcho game = new HeadEcho("game of syd")) {
            bed.dns().address("marina-syd." + peers.group(1), "127.0.0.1");
            String yaml = serverFile()
                    .replace("listen: 8080\n", "")
                    .replace("platform: dns\n", "platform: dns\n  dns: { server: \"DNS\", timeout: 5s }\n")
                    .replace("http://127.0.0.1:9000", game.url());
            MarinaUnderTest syd = bed.elsewhere("syd", yaml);
            MarinaUnderTest ewr = bed.elsewhere("ewr", yaml.replace(":8080\"", ":" + FleetBed.port(syd) + "\""));

            await().untilAsserted(() ->
                    assertThat(ewr.get("/game/syd/x").body()).startsWith("game of syd\nGET /game/syd/x HTTP/1.1"));
            assertThat(FleetBed.count(syd, "Served")).isPositive();
            await().untilAsserted(
                            () -> assertThat(syd.get("/game/ewr/").statusCode()).isEqualTo(404));
        }
    }
}
