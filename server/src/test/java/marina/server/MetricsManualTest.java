package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import marina.testing.MarinaUnderTest;
import marina.testing.MetricsPage;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md and the dashboard against a server that does everything there are numbers of. */
class MetricsManualTest {
    private static final Path DOCS =
            Path.of(System.getProperty("marina.home", "..")).resolve("docs");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(marina_[a-z_]+)` \\| ([a-z, ]*)\\|");
    private static final Pattern BEAN = Pattern.compile("(?m)^\\| `(type=[^`]+)` \\|");
    private static final Pattern NAME = Pattern.compile("\\b((?:marina|jvm|process)_[a-z_]+)\\b");

    @TempDir
    private Path base;

    private MarinaUnderTest busyServer() {
        MarinaUnderTest.write(base, "conf/pool.war", "");
        MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                metrics: { listen: "127.0.0.1:0" }
                tracing: { endpoint: "http://127.0.0.1:1/v1/traces" }
                log: { vector: { socket: run/vector.sock } }
                cable: { path: /cable }
                fleet: { dns: { server: "127.0.0.1:1" } }
                services: { clock: { command: [sleep, "100"] } }
                contexts:
                  /app: { command: [node, app.js], directory: %s }
                  /api: { upstream: { members: [{ url: "http://127.0.0.1:1" }, { url: "http://127.0.0.1:2" }] } }
                  /war: { war: %s, env: { DATABASE_URL: "sqlite:data/war.db" } }
                  /away: { files: conf, region: syd }
                """
                        .formatted(
                                Path.of("target/test-classes/apps").toAbsolutePath(),
                                Path.of("../webapps/todo.war").toAbsolutePath().normalize()),
                Map.of("FLY_APP_NAME", "showcase", "FLY_REGION", "iad", "FLY_MACHINE_ID", "m1"));
        marina.get("/app/x");
        marina.get("/api/x");
        marina.get("/war/");
        marina.awaitState("/war", "ready");
        return marina;
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** A histogram goes by one name in the manual and by three on the page. */
    private static Set<String> families(Set<String> series) {
        return series.stream()
                .map(name -> name.replaceAll("_(bucket|sum|count)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theManualNamesEachMetricAndNoOther() throws IOException {
        String manual = Files.readString(DOCS.resolve("metrics.md"));
        try (MarinaUnderTest marina = busyServer()) {
            Set<String> ours = families(MetricsPage.of(marina).names()).stream()
                    .filter(name -> name.startsWith("marina_"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(found(ROW, manual)).isEqualTo(ours);
        }
    }

    @Test
    void whatTheDashboardShowsIsThere() throws IOException {
        String dashboard = Files.readString(DOCS.resolve("grafana/marina.json"));
        assertThat(new JSON().fromJSON(dashboard)).isNotNull();
        try (MarinaUnderTest marina = busyServer()) {
            Set<String> there = MetricsPage.of(marina).names();
            Set<String> shown = found(NAME, dashboard);
            assertThat(shown).hasSizeGreaterThan(15);
            assertThat(there).containsAll(shown);
        }
    }

    @Test
    void theManualNamesEachKindOfBean() throws Exception {
        String manual = Files.readString(DOCS.resolve("metrics.md"));
        Set<String> told = new TreeSet<>();
        for (String name : found(BEAN, manual)) {
            told.add(new ObjectName("marina:" + name).getKeyProperty("type"));
        }
        try (MarinaUnderTest marina = busyServer()) {
            Set<String> there = marina.mbeans().queryNames(new ObjectName("marina:*"), null).stream()
                    .map(name -> name.getKeyProperty("type"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(told).isEqualTo(there);
        }
    }
}
