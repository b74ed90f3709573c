package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import marina.testing.CableClient;
import marina.testing.DeafSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that do not read, in a Marina with little memory: they do not fill its heap, and others miss nothing. */
class CableMemoryIT {
    private static final int MANY = 120;
    private static final int ROUNDS = 8;
    private static final int NAMES = 100;
    private static final String LARGE = "x".repeat(1_000_000);

    @TempDir
    private Path base;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void eachWithLargeMessagesOfItsOwn() throws Exception {
        List<DeafSocket> crowd = new ArrayList<>();
        try (HomeUnderTest home = small(base)) {
            home.start();
            for (int i = 0; i < MANY; i++) {
                crowd.add(new DeafSocket(home.uri("/"), "s" + i));
            }
            CableClient reader = CableClient.open(home.uri("/"), "/cable").subscribe("news");
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < MANY; i++) {
                    assertThat(broadcast(home, "s" + i, LARGE)).isIn(200, 503);
                }
                String news = "news of round " + round;
                await().until(() -> broadcast(home, "news", news) == 200);
                assertThat(reader.next()).contains(news);
            }
            reader.close();
            crowd.forEach(DeafSocket::close);
            await().atMost(HomeUnderTest.PATIENCE).until(() -> broadcast(home, "news", "to nobody") == 200);
            assertThat(home.read("logs/marina.log")).doesNotContain("OutOfMemory");
        } finally {
            crowd.forEach(DeafSocket::close);
        }
    }

    private static HomeUnderTest small(Path base) {
        return HomeUnderTest.at(base, "cable: { path: /cable, require_token: false }\n")
                .with("MARINA_OPTS", "-Xmx96m -XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void whatIsBegunAndNeverEndedIsLimitedForAllTogether() throws Exception {
        List<CableClient> crowd = new ArrayList<>();
        try (HomeUnderTest home = small(base)) {
            home.start();
            CableClient reader = CableClient.open(home.uri("/"), "/cable").subscribe("news");
            String piece = " ".repeat(120_000);
            List<String> ends = new ArrayList<>();
            for (int i = 0; i < MANY && ends.isEmpty(); i++) {
                CableClient one = CableClient.open(home.uri("/"), "/cable");
                crowd.add(one);
                try {
                    one.sendPiece(piece).sendPiece("x");
                } catch (CompletionException e) {
                    ends.add(one.next()); // closed before all was sent
                }
                crowd.stream().filter(CableClient::hasMore).forEach(client -> ends.add(client.next()));
            }
            assertThat(ends).isNotEmpty().isSubsetOf("close 1013", "error");
            assertThat(broadcast(home, "news", "good")).isEqualTo(200);
            assertThat(reader.next()).contains("good");
            reader.close();
        } finally {
            crowd.forEach(CableClient::close);
        }
    }

    @Test
    void namesOfSubscriptionsAreLimitedForAllTogetherAndGivenBack() throws Exception {
        List<CableClient> crowd = new ArrayList<>();
        try (HomeUnderTest home = small(base)) {
            home.start();
            for (int i = 0; i < 40; i++) {
                crowd.add(subscriber(home));
            }
            // A quarter of 96 MB, of which each takes 8 KB: fewer than all 4000.
            assertThat(taken(crowd)).isBetween(2000, 3500);
            crowd.forEach(CableClient::close);
            crowd.clear();
            await().atMost(HomeUnderTest.PATIENCE).until(() -> {
                crowd.add(subscriber(home));
                return taken(crowd.subList(crowd.size() - 1, crowd.size())) == NAMES;
            });
        } finally {
            crowd.forEach(CableClient::close);
        }
    }

    /** One with as many subscriptions as it may have, of long names. */
    private static CableClient subscriber(HomeUnderTest home) {
        CableClient client = CableClient.open(home.uri("/"), "/cable");
        for (int i = 0; i < NAMES; i++) {
            client.send("{\"type\":\"subscribe\",\"stream\":\"" + "n".repeat(2000) + i + "\"}");
        }
        return client;
    }

    /** How many subscriptions were taken, when no more answers come. */
    private static int taken(List<CableClient> crowd) {
        AtomicInteger taken = new AtomicInteger();
        await().atMost(HomeUnderTest.PATIENCE).during(Duration.ofSeconds(1)).until(() -> {
            int before = taken.get();
            for (CableClient client : crowd) {
                while (client.hasMore()) {
                    assertThat(client.next()).contains("subscribed");
                    taken.incrementAndGet();
                }
            }
            return taken.get() == before;
        });
        return taken.get();
    }

    private int broadcast(HomeUnderTest home, String stream, String data) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(home.uri("/_broadcast"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"stream\":\"" + stream + "\",\"data\":\"" + data + "\"}"))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }
}
