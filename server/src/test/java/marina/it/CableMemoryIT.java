package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import marina.testing.CableClient;
import marina.testing.DeafSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that do not read, in a Marina with little memory: they do not fill its heap, and others miss nothing. */
class CableMemoryIT {
    private static final int MANY = 120;
    private static final int ROUNDS = 8;
    private static final String LARGE = "x".repeat(1_000_000);

    @TempDir
    private Path base;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void eachWithLargeMessagesOfItsOwn() throws Exception {
        List<DeafSocket> crowd = new ArrayList<>();
        try (HomeUnderTest home = HomeUnderTest.at(base, "cable: { path: /cable, require_token: false }\n")
                .with("MARINA_OPTS", "-Xmx96m -XX:+ExitOnOutOfMemoryError")) {
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

    private int broadcast(HomeUnderTest home, String stream, String data) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(home.uri("/_broadcast"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"stream\":\"" + stream + "\",\"data\":\"" + data + "\"}"))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }
}
