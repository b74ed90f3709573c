package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Java's HTTP client, as it comes, offers on each new connection without TLS to go over to HTTP/2 ({@code Upgrade: h2c}), also
 * with a body whose length nobody knows. However the server decides, the application gets all of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class UploadThatOffersHttp2Test {
    private static final byte[] BODY = new byte[300_000];
    private static final String COUNT =
            TestWar.servlet("a.getWriter().print(q.getInputStream().readAllBytes().length);");

    private MarinaUnderTest marina;

    @BeforeAll
    void start(@TempDir Path base) throws IOException {
        Path war = new TestWar(EeLevel.EE10, base.resolve("war"))
                .type("app.Do", COUNT)
                .pack("count.war");
        marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /app: { command: [node, "%s"], page_after: 60s }
                  /war: { war: "%s", page_after: 60s }
                """
                        .formatted(Path.of("src/test/resources/apps/app.js").toAbsolutePath(), war));
    }

    @AfterAll
    void stop() {
        marina.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/upload", "/war/do"})
    void aBodyOfUnknownLengthArrivesWhole(String path) throws Exception {
        HttpResponse<String> answer = post(HttpClient.newHttpClient(), path, unknownLength());
        assertThat(answer.body()).as("status %d", answer.statusCode()).isEqualTo("300000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/upload", "/war/do"})
    void aBodyOfKnownLengthArrivesWhole(String path) throws Exception {
        assertThat(post(HttpClient.newHttpClient(), path, BodyPublishers.ofByteArray(BODY))
                        .body())
                .isEqualTo("300000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/upload", "/war/do"})
    void withoutABodyTheConnectionGoesOverToHttp2AndThenTakesBodies(String path) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<String> empty = client.send(request(path).GET().build(), BodyHandlers.ofString());
        assertThat(empty.version()).isEqualTo(Version.HTTP_2);
        assertThat(empty.body()).isEqualTo("0");

        HttpResponse<String> answer = post(client, path, unknownLength());
        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
        assertThat(answer.body()).isEqualTo("300000");
    }

    private static BodyPublisher unknownLength() {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BODY));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(marina.uri(path)).timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> post(HttpClient client, String path, BodyPublisher body) throws Exception {
        return client.send(request(path).POST(body).build(), BodyHandlers.ofString());
    }
}
