package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A virtual machine that its hypervisor has suspended finds its clocks as it has left them. By the id that Fly's edge gives it, the
 * first request shows how late it is.
 */
class SleepToldByRequestsTest {
    private static final String HOOKS = "hooks: { resume: [" + MachineBed.slowEvent("resume", "resumed") + "] }\n";

    @TempDir
    private Path base;

    /** A request id as Fly makes it, at a time from now. */
    private static String id(Duration from) {
        long millis = System.currentTimeMillis() + from.toMillis();
        StringBuilder time = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            time.insert(0, "0123456789ABCDEFGHJKMNPQRSTVWXYZ".charAt((int) (millis & 31)));
            millis >>= 5;
        }
        return time + "ABCDEFGHJKMNPQRS-ewr";
    }

    private static int get(MachineBed bed, String id) {
        return bed.marina.get("/app/", "Fly-Request-Id", id).statusCode();
    }

    @Test
    void theFirstRequestFromTheFutureWaitsForTheResumeHooks() {
        try (MachineBed bed = MachineBed.start(base, "timeout: 1h", HOOKS + MachineBed.app(""))) {
            assertThat(get(bed, id(Duration.ZERO))).isEqualTo(200);
            assertThat(bed.machine().sleeps()).isZero();

            var late = bed.marina.getAsync("/app/", "Fly-Request-Id", id(Duration.ofMinutes(10)));
            bed.awaitEvent("resume");
            assertThat(late).isNotDone();
            bed.letGo();
            assertThat(late.join().statusCode()).isEqualTo(200);
            assertThat(bed.machine().sleeps()).isEqualTo(1);

            assertThat(get(bed, id(Duration.ofMinutes(11)))).isEqualTo(200);
            assertThat(get(bed, id(Duration.ofMinutes(30)))).isEqualTo(200);
            assertThat(bed.machine().sleeps()).as("who lies has it run once").isEqualTo(1);
        }
    }

    @Test
    void whatIsNoTimeOrAnOldOneIsNoSign() {
        try (MachineBed bed = MachineBed.start(base, "timeout: 1h", HOOKS + MachineBed.app(""))) {
            assertThat(get(bed, id(Duration.ofMinutes(-10)))).isEqualTo(200);
            assertThat(get(bed, "ZZZZZZZZZZABCDEFGHJKMNPQRS-ewr")).isEqualTo(200);
            assertThat(get(bed, "01 is no id")).isEqualTo(200);
            assertThat(get(bed, "01hz-and-so-on-01hz-and-so-on")).isEqualTo(200);
            await().during(Duration.ofMillis(200)).until(() -> bed.machine().sleeps() == 0);
        }
    }
}
