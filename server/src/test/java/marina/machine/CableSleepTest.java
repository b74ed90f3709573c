package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import marina.testing.CableClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open pages with live updates, and a machine that would sleep. */
class CableSleepTest {
    private static final String IDLE = "timeout: 1s";
    private static final String CABLE = "cable: { path: /cable }\n";

    @TempDir
    private Path base;

    @Test
    void anOpenPageKeepsTheMachineAwake() {
        try (MachineBed bed = MachineBed.start(base, IDLE, CABLE)) {
            CableClient page = CableClient.open(bed.marina.uri(""), "/cable").subscribe("s");
            int before = bed.api.calls().size(); // on a slow machine the page may come late
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> bed.api.calls().size() == before);
            page.close();
            bed.awaitCalls(before + 1);
        }
    }

    @Test
    void withWebsocketsIgnoreItIsToldThatTheMachineGoes() {
        try (MachineBed bed = MachineBed.start(base, IDLE + ", websockets: ignore", CABLE);
                CableClient page =
                        CableClient.open(bed.marina.uri(""), "/cable").subscribe("s")) {
            bed.awaitCalls(1);
            assertThat(page.next()).isEqualTo("close 1001");
            assertThat(page.reason()).isEqualTo("the machine sleeps");
        }
    }
}
