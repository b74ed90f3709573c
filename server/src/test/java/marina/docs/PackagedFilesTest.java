package marina.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import marina.config.ConfigLoader;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.navigator.NavigatorFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files that packages and tutorials bring along can be read by those for whom they are, and fit together. */
class PackagedFilesTest {
    private static final Path HOME =
            Path.of(System.getProperty("marina.home", "..")).toAbsolutePath().normalize();
    private static final Path SOURCES = HOME.resolve("distribution/src");

    @TempDir
    private Path base;

    @Test
    void theConfigurationOfTheDebianPackageIsRight() throws Exception {
        ServerConfig config = load(Files.readString(SOURCES.resolve("deb/server.yml")));
        assertThat(config.log().directory()).isEqualTo(Path.of("/var/log/marina"));
        assertThat(config.contexts()).isEmpty();
    }

    @Test
    void theManifestsForOnePodFitTogether() throws Exception {
        String tutorial = Files.readString(HOME.resolve("docs/tutorial-kubernetes.md"));
        Matcher fence =
                Pattern.compile("(?ms)^```yaml kubernetes-one\\n(.*?)^```$").matcher(tutorial);
        assertThat(fence.find()).isTrue();
        List<Map<?, ?>> manifests = new ArrayList<>();
        for (Object one : new Load(LoadSettings.builder().build()).loadAllFromString(fence.group(1))) {
            manifests.add((Map<?, ?>) one);
        }
        assertThat(manifests).extracting(one -> one.get("kind")).hasToString("[ConfigMap, Service, StatefulSet]");
        Files.createDirectories(base.resolve("webapps"));
        Files.writeString(base.resolve("webapps/todo.war"), "");
        ServerConfig config = load(String.valueOf(at(manifests.get(0), "data", "server.yml")));
        Object pod = at(manifests.get(2), "spec", "template");
        Object container = at(pod, "spec", "containers", "0");
        int port = config.listen().get(0).port();
        assertThat(at(container, "ports", "0", "containerPort")).isEqualTo(port);
        assertThat(at(manifests.get(1), "spec", "ports", "0", "targetPort")).isEqualTo(port);
        assertThat(at(manifests.get(1), "spec", "selector")).isEqualTo(at(pod, "metadata", "labels"));
        assertThat(at(manifests.get(2), "spec", "selector", "matchLabels")).isEqualTo(at(pod, "metadata", "labels"));
        assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo("/up");
        assertThat(at(pod, "spec", "volumes", "0", "configMap", "name"))
                .isEqualTo(at(manifests.get(0), "metadata", "name"));
        long grace = ((Number) at(pod, "spec", "terminationGracePeriodSeconds")).longValue();
        assertThat(grace).isGreaterThan(config.drain().timeout().toSeconds());
    }

    @Test
    void theServicesForComposeHaveTheirVolumesAndEachOther() throws IOException {
        Object compose = new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(SOURCES.resolve("docker/compose.yml")));
        Map<?, ?> services = (Map<?, ?>) at(compose, "services");
        Map<?, ?> volumes = (Map<?, ?>) at(compose, "volumes");
        Set<String> named = new HashSet<>();
        for (Object service : services.values()) {
            for (Object volume : (List<?>) at(Objects.requireNonNull(service), "volumes")) {
                String from = String.valueOf(volume).replaceFirst(":.*", "");
                if (!from.startsWith(".")) {
                    named.add(from);
                }
            }
        }
        assertThat(named).hasSameSizeAs(volumes.keySet()).allMatch(volumes::containsKey);
        assertThat(((Map<?, ?>) at(compose, "services", "marina", "depends_on")).keySet())
                .allMatch(services::containsKey);
    }

    @Test
    void flyTomlIsToml() throws Exception {
        Process python = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import sys, tomllib; t = tomllib.load(open(sys.argv[1], 'rb'));"
                                + " assert t['http_service']['auto_stop_machines'] == 'off', t;"
                                + " assert t['http_service']['checks'][0]['path'] == '/up', t",
                        SOURCES.resolve("docker/fly.toml").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).as(said).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deb/control/postinst", "deb/control/prerm", "deb/control/postrm", "deb/marina"})
    void scriptsAreShellScripts(String script) throws Exception {
        Process shell = new ProcessBuilder("sh", "-n", SOURCES.resolve(script).toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
    }

    /** What the unit and the package say of folders and verbs is what the package makes and the scripts know. */
    @Test
    void theUnitStartsWhatThePackageBrings() throws IOException {
        List<String> unit = Files.readAllLines(SOURCES.resolve("systemd/marina.service"));
        String descriptor = Files.readString(HOME.resolve("distribution/pom.xml"));
        assertThat(unit)
                .contains(
                        "Type=notify",
                        "ExecStart=/usr/share/marina/bin/marina.sh run",
                        "ExecReload=/usr/share/marina/bin/marina.sh reload",
                        "Delegate=yes",
                        "KillMode=mixed");
        assertThat(Stream.of("/usr/share/marina/bin", "/etc/default/marina", "/lib/systemd/system/marina.service"))
                .allMatch(descriptor::contains);
        assertThat(unit).noneMatch(line -> line.startsWith("MemoryDenyWriteExecute=yes"));
    }

    private ServerConfig load(String yaml) throws Exception {
        Path file = base.resolve("conf/server.yml");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, yaml);
        Directories directories = new Directories(HOME, base);
        Map<String, String> environment = Map.of();
        return new ConfigLoader(directories, environment, new NavigatorFormat(directories, environment)).load(file);
    }

    private static Object at(Object value, String... path) {
        Object found = value;
        for (String step : path) {
            found = found instanceof List<?> list
                    ? Objects.requireNonNull(list.get(Integer.parseInt(step)))
                    : Objects.requireNonNull(((Map<?, ?>) found).get(step), "no " + step + " in " + found);
        }
        return found;
    }
}
