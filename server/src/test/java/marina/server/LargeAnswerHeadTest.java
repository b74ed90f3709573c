package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
import marina.testing.SilentBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head of an answer that the forwarder takes is one that the client gets: many cookies, long policies. */
class LargeAnswerHeadTest {
    private static final int FIELDS = 1_500;

    @TempDir
    private Path base;

    @Test
    void fiftyKilobytesArrive() throws Exception {
        StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n");
        for (int i = 0; i < FIELDS; i++) {
            head.append("X-").append(i).append(": ").append("y".repeat(25)).append("\r\n");
        }
        try (SilentBackend backend = new SilentBackend();
                MarinaUnderTest marina =
                        MarinaUnderTest.start(base, "contexts: { /: { upstream: \"" + backend.url() + "\" } }\n")) {
            CompletableFuture<HttpResponse<String>> answer = marina.getAsync("/x");
            await().until(() -> !backend.visits().isEmpty()
                    && backend.visits().get(0).heard().endsWith("\r\n\r\n"));
            backend.visits().get(0).say(head + "\r\nok");

            HttpResponse<String> got = answer.get(10, TimeUnit.SECONDS);
            assertThat(got.statusCode()).isEqualTo(200);
            assertThat(got.body()).isEqualTo("ok");
            assertThat(got.headers().map().keySet().stream().filter(name -> name.startsWith("x-")))
                    .hasSizeGreaterThanOrEqualTo(FIELDS);
        }
    }
}
