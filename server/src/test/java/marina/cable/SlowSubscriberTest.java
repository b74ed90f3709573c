package marina.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import marina.testing.CableClient;
import marina.testing.DeafSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do not read, and those who do beside them. */
class SlowSubscriberTest {
    private static final String LARGE = "x".repeat(32 * 1024);

    @TempDir
    private Path base;

    @Test
    void whoDoesNotReadLosesMessagesAndIsCutOffWhileOthersGetAll() throws Exception {
        try (CableUnderTest cable = CableUnderTest.open(base, ", queue: 20");
                CableClient reader = cable.client("/cable").subscribe("s");
                DeafSocket deaf = new DeafSocket(cable.marina().uri(""), "s")) {
            await().until(() -> cable.count("Subscriptions") == 2);
            int sent = 0;
            long begin = System.nanoTime();
            while (cable.count("Dropped") == 0 && sent < 2000) {
                assertThat(cable.broadcast("{\"stream\":\"s\",\"data\":\"" + LARGE + sent + "\"}"))
                        .isEqualTo(200);
                assertThat(reader.next()).endsWith(LARGE + sent + "\"}");
                sent++;
            }
            assertThat(cable.count("Dropped")).isPositive();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));

            await().atMost(Duration.ofSeconds(30)).until(() -> cable.count("CutOff") == 1);
            await().until(() -> cable.count("Subscriptions") == 1);
            cable.broadcast("{\"stream\":\"s\",\"data\":\"after\"}");
            assertThat(reader.next()).contains("after");
            assertThat(deaf).as("a client that never knew").isNotNull();
        }
    }

    @Test
    void fiveHundredSubscribersGetTheSame() throws Exception {
        int many = 500;
        try (CableUnderTest cable = CableUnderTest.open(base, "")) {
            List<CompletableFuture<CableClient>> opening = IntStream.range(0, many)
                    .mapToObj(i -> CableClient.opening(cable.marina().uri(""), "/cable", true))
                    .toList();
            List<CableClient> clients = new ArrayList<>();
            opening.forEach(one -> clients.add(one.join()));
            clients.forEach(client -> client.send("{\"type\":\"subscribe\",\"stream\":\"s\"}"));
            clients.forEach(client -> assertThat(client.next()).contains("subscribed"));
            assertThat(cable.count("Sockets")).isEqualTo(many);
            assertThat(cable.count("Streams")).isEqualTo(1);
            for (int i = 0; i < 10; i++) {
                cable.broadcast("{\"stream\":\"s\",\"data\":" + i + "}");
            }
            for (CableClient client : clients) {
                for (int i = 0; i < 10; i++) {
                    assertThat(client.next()).endsWith("\"data\":" + i + "}");
                }
            }
            assertThat(cable.count("Dropped")).isZero();
            clients.forEach(CableClient::close);
            await().atMost(Duration.ofSeconds(20)).until(() -> cable.count("Sockets") == 0);
            assertThat(cable.count("Streams")).isZero();
        }
    }
}
