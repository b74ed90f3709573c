package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import marina.testing.FleetBed;
import marina.testing.MarinaUnderTest;
import marina.testing.MetricsPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What seldom happens is counted when it does: kills for want of memory, requests for other machines. */
class CountedEventsTest {
    private static final String METRICS = "metrics: { listen: \"127.0.0.1:0\" }\n";

    @TempDir
    private Path base;

    @Test
    void aKillForMemoryIsCountedAndSoIsTheStartAfterIt() {
        assumeThat(Path.of("/proc/self/status")).exists();
        String yaml =
                """
                contexts:
                  /a:
                    command: ["${JAVA}", -cp, "${CLASSES}", marina.testing.TestApp, hungry, "${port}"]
                    memory_limit: 150M
                    page_after: 30s
                    strip_path: true
                """;
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, METRICS + yaml)) {
            assertThat(marina.get("/a/").statusCode()).isEqualTo(200);
            assertThat(killed(marina)).isZero();

            var unused = marina.getAsync("/a/eat");

            await().atMost(Duration.ofSeconds(30)).until(() -> killed(marina), kills -> kills == 1);
            await().atMost(Duration.ofSeconds(10)).until(() -> marina.get("/a/").statusCode() == 200);
            assertThat(MetricsPage.of(marina).value("marina_context_start_duration_seconds_count{context=\"/a\"}"))
                    .isEqualTo(2);
        }
    }

    private static double killed(MarinaUnderTest marina) {
        return MetricsPage.of(marina).value("marina_context_memory_kills_total{context=\"/a\"}");
    }

    @Test
    void decisionsAndWhatDnsSaysAreCounted() throws IOException {
        try (FleetBed bed = new FleetBed(base)) {
            bed.dns()
                    .ttl(300)
                    .txt("vms.app.internal", "m1 ewr,m2 syd")
                    .txt("all.vms.app.internal", "m1 ewr,m2 syd,m3 fra");
            MarinaUnderTest marina = bed.onFly(
                    "m1",
                    "ewr",
                    METRICS
                            + """
                            fleet: { dns: { server: "DNS", timeout: 2s } }
                            contexts:
                              /here: { files: conf, region: ewr }
                              /syd: { files: conf, region: syd }
                              /fra: { files: conf, region: fra }
                              /lhr: { files: conf, region: lhr }
                            """);
            await().until(() -> marina.get("/lhr/").statusCode() == 404); // DNS has said all by now
            MetricsPage before = MetricsPage.of(marina);
            marina.get("/here/server.yml");
            marina.get("/syd/server.yml");
            marina.get("/syd/server.yml");
            marina.get("/fra/server.yml");
            marina.get("/lhr/server.yml");
            MetricsPage after = MetricsPage.of(marina);

            assertThat(more(before, after, "decisions", "decision=\"serve\"")).isEqualTo(1);
            assertThat(more(before, after, "decisions", "decision=\"replay\"")).isEqualTo(3);
            assertThat(more(before, after, "decisions", "decision=\"absent\"")).isEqualTo(1);
            assertThat(more(before, after, "targets", "state=\"live\"")).isEqualTo(2);
            assertThat(more(before, after, "targets", "state=\"asleep\"")).isEqualTo(1);
            assertThat(more(before, after, "targets", "state=\"absent\"")).isEqualTo(1);
            assertThat(after.value("marina_fleet_dns_questions_total")).isGreaterThanOrEqualTo(2);
        }
    }

    private static double more(MetricsPage before, MetricsPage after, String what, String label) {
        String series = "marina_fleet_" + what + "_total{" + label + "}";
        assertThat(after.value(series)).as(series).isNotNegative();
        return after.value(series) - Math.max(0, before.value(series));
    }
}
