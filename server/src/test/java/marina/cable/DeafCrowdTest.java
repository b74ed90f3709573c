package marina.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import marina.testing.DeafSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many pages that do not read, and large messages for them: others miss nothing. */
class DeafCrowdTest {
    private static final int MANY = 200;
    private static final int LARGE_ONES = 12;
    private static final int OTHERS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LARGE = "x".repeat(1_000_000);
    private static final String MIDDLE = "y".repeat(200_000);

    @TempDir
    private Path base;

    private static String message(String stream, Object data) {
        return "{\"stream\":\"" + stream + "\",\"data\":\"" + data + "\"}";
    }

    @Test
    void aPageThatPausesMissesNothingBesideThem() throws Exception {
        List<DeafSocket> crowd = new ArrayList<>();
        try (CableUnderTest cable = CableUnderTest.open(base, ", queue: 100, ping: 5m")) {
            URI server = cable.marina().uri("");
            for (int i = 0; i < MANY; i++) {
                crowd.add(new DeafSocket(server, "s"));
            }
            DeafSocket late = new DeafSocket(server, "other");
            crowd.add(late);
            await().atMost(PATIENCE).until(() -> cable.count("Subscriptions") == MANY + 1);
            for (int i = 0; i < LARGE_ONES; i++) {
                assertThat(cable.broadcast(message("s", LARGE))).isEqualTo(200);
            }
            await().atMost(PATIENCE)
                    .until(() -> cable.count("Delivered") + cable.count("Dropped") >= MANY * LARGE_ONES);
            // More than fits into the buffers of its connection: most of it has to wait.
            for (int i = 0; i < OTHERS; i++) {
                assertThat(cable.broadcast(message("other", MIDDLE + i))).isEqualTo(200);
            }
            assertThat(late.read()).contains("subscribed");
            for (int i = 0; i < OTHERS; i++) {
                String message = late.read();
                assertThat(message).hasSizeGreaterThan(MIDDLE.length());
                assertThat(message.substring(message.length() - 10)).endsWith("y" + i + "\"}");
            }
        } finally {
            crowd.forEach(DeafSocket::close);
        }
    }
}
