package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import marina.testing.MarinaUnderTest;
import marina.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of HTTP/2 that come at the same time share a connection: each arrives whole, however small, large or slowly read the others are. */
class AnswersTogetherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int[] SIZES = {0, 1, 12, 300, 2_900, 4_096, 5_000, 20_000, 150_000};

    @TempDir
    private Path base;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final TestCertificates.Pair certificate = TestCertificates.of("localhost");
    private HttpServer backend;
    private HttpClient client;

    @BeforeEach
    void open() throws Exception {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(TlsListenerTest.trusting(certificate))
                .build();
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        backend.setExecutor(threads);
        backend.createContext("/", AnswersTogetherTest::answer);
        backend.start();
    }

    @AfterEach
    void stop() {
        backend.stop(0);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hundredsOfThem(boolean tls) throws Exception {
        try (MarinaUnderTest marina = start(tls)) {
            URI url = url(marina);
            assertThat(get(url.resolve("/7")).get(10, TimeUnit.SECONDS)).isEqualTo(7);
            Random random = new Random(20261122);
            for (int round = 0; round < 8; round++) {
                List<Integer> sizes = new ArrayList<>();
                List<CompletableFuture<Integer>> answers = new ArrayList<>();
                for (int i = 0; i < 90; i++) {
                    int size = SIZES[random.nextInt(SIZES.length)];
                    sizes.add(size);
                    answers.add(get(url.resolve("/" + size)));
                }
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(answers.stream().map(CompletableFuture::join)).containsExactlyElementsOf(sizes);
            }
        }
    }

    @Test
    void aSlowReaderKeepsNobodyWaiting() throws Exception {
        try (MarinaUnderTest marina = start(true)) {
            URI url = url(marina);
            HttpResponse<InputStream> slow = client.sendAsync(
                            HttpRequest.newBuilder(url.resolve("/4000000")).build(), BodyHandlers.ofInputStream())
                    .get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 50; i++) {
                assertThat(get(url.resolve("/" + i)).get(10, TimeUnit.SECONDS)).isEqualTo(i);
            }
            try (InputStream body = slow.body()) {
                assertThat(body.readAllBytes()).isEqualTo(content(4_000_000));
            }
        }
    }

    private MarinaUnderTest start(boolean tls) {
        String secret = "";
        if (tls) {
            certificate.write(base, "a");
            secret = ", tls: { certificate: conf/a.crt, key: conf/a.key }";
        }
        String yaml =
                """
                listen: { host: 127.0.0.1, port: 0%s }
                contexts: { /: { upstream: "http://127.0.0.1:%d" } }
                """;
        MarinaUnderTest.write(
                base,
                "conf/server.yml",
                yaml.formatted(secret, backend.getAddress().getPort()));
        return MarinaUnderTest.startAsWritten(base);
    }

    private static URI url(MarinaUnderTest marina) {
        URI address = marina.uri("/");
        return URI.create(address.getScheme() + "://localhost:" + address.getPort() + "/");
    }

    private CompletableFuture<Integer> get(URI url) {
        return client.sendAsync(HttpRequest.newBuilder(url).timeout(PATIENCE).build(), BodyHandlers.ofByteArray())
                .thenApply(answer -> {
                    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                    assertThat(answer.body()).isEqualTo(content(answer.body().length));
                    return answer.body().length;
                });
    }

    private static void answer(HttpExchange exchange) throws IOException {
        int size = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
        byte[] content = content(size);
        exchange.sendResponseHeaders(200, size == 0 ? -1 : size % 2 == 0 ? size : 0); // odd ones in chunks
        exchange.getResponseBody().write(Arrays.copyOf(content, size));
        exchange.close();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i * 31 + size);
        }
        return content;
    }
}
