package marina.valve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers of applications are compressed, and that nothing else changes for their clients. */
class CompressionTest {
    private static final String BODY = "<p>a paragraph like many others</p>\n".repeat(3_000);

    @TempDir
    private static Path base;

    private static final CountDownLatch FIRST_PART_SEEN = new CountDownLatch(1);
    private static HttpServer upstream;
    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws Exception {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newCachedThreadPool());
        upstream.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        upstream.start();
        String url = "upstream: \"http://127.0.0.1:" + upstream.getAddress().getPort() + "\"";
        marina = MarinaUnderTest.start(
                base, "contexts: { /app: { " + url + " }, /plain: { " + url + ", compression: false } }");
    }

    @AfterAll
    static void stop() {
        marina.close();
        FIRST_PART_SEEN.countDown();
        upstream.stop(0);
    }

    /** Fields of the answer are those of the request that begin with X-Answer-; the path says the rest. */
    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.startsWith("X-answer-")) {
                exchange.getResponseHeaders().set(name.substring("X-answer-".length()), values.get(0));
            }
        });
        String conditions = exchange.getRequestHeaders().getFirst("If-None-Match");
        String path = exchange.getRequestURI().getPath();
        if (conditions != null && conditions.contains(", \"v1\"")) {
            exchange.sendResponseHeaders(304, -1);
        } else if (path.endsWith("/parts")) {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream output = exchange.getResponseBody()) {
                output.write("<p>one\n".getBytes(StandardCharsets.UTF_8));
                output.flush();
                await(FIRST_PART_SEEN);
                output.write("<p>two\n".getBytes(StandardCharsets.UTF_8));
            }
        } else {
            byte[] body = (path.endsWith("/small") ? "small" : BODY).getBytes(StandardCharsets.UTF_8);
            boolean chunked = path.endsWith("/chunked");
            exchange.sendResponseHeaders(path.endsWith("/partial") ? 206 : 200, chunked ? 0 : body.length);
            try (OutputStream output = exchange.getResponseBody()) {
                output.write(body);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpResponse<InputStream> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(marina.uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String coding(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Encoding").orElse("");
    }

    @ParameterizedTest
    @CsvSource({"/app/page", "/app/chunked"})
    void textIsCompressedForThoseWhoTakeIt(String path) throws IOException {
        HttpResponse<InputStream> response = get(path, "Accept-Encoding", "gzip, br", "X-Answer-ETag", "\"v1\"");
        byte[] body = response.body().readAllBytes();

        assertThat(coding(response)).isEqualTo("gzip");
        assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
        assertThat(response.headers().firstValue("ETag")).contains("W/\"v1\"");
        assertThat(body.length).isLessThan(BODY.length() / 10);
        assertThat(new String(
                        new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(BODY);
    }

    @ParameterizedTest
    @CsvSource({
        "/app/page, 'gzip;q=0, br', X-None, x",
        "/app/page, identity, X-None, x",
        "/app/small, gzip, X-None, x",
        "/app/partial, gzip, X-None, x",
        "/app/page, gzip, X-Answer-Content-Encoding, br",
        "/app/page, gzip, X-Answer-Cache-Control, 'private, no-transform'",
        "/app/page, gzip, X-Answer-Content-Type, image/png",
        "/app/page, gzip, X-Answer-Content-Type, text/event-stream",
        "/app/page, gzip, X-Answer-Content-Type, application/octet-stream",
    })
    void everythingElseStaysAsItIs(String path, String accepted, String header, String value) throws IOException {
        HttpResponse<InputStream> response = get(path, "Accept-Encoding", accepted, header, value);

        assertThat(coding(response)).isNotEqualTo("gzip");
        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .isIn(BODY, "small");
    }

    @Test
    void clientsThatSayNothingGetTheBytesOfTheApplication() throws IOException {
        HttpResponse<InputStream> response = get("/app/page", "X-Answer-ETag", "\"v1\"");

        assertThat(coding(response)).isEmpty();
        assertThat(response.headers().firstValue("ETag")).contains("\"v1\"");
        assertThat(response.headers().firstValue("Content-Length")).contains(Integer.toString(BODY.length()));
    }

    @Test
    void aTagThatWasMadeWeakIsKnownAgainByTheApplication() {
        HttpResponse<InputStream> response =
                get("/app/page", "Accept-Encoding", "gzip", "If-None-Match", "W/\"v1\"", "X-Answer-ETag", "\"v1\"");

        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.headers().firstValue("ETag")).contains("W/\"v1\"");
    }

    @Test
    void eachPartReachesTheClientAtOnce() throws IOException {
        HttpResponse<InputStream> response = get("/app/parts", "Accept-Encoding", "gzip");

        assertThat(coding(response)).isEqualTo("gzip");
        try (InputStream content = new GZIPInputStream(response.body(), 1)) {
            assertThat(content.readNBytes(7)).asString(StandardCharsets.UTF_8).isEqualTo("<p>one\n");
            FIRST_PART_SEEN.countDown();
            assertThat(content.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("<p>two\n");
        }
    }

    @Test
    void aContextMayDoWithout() {
        assertThat(coding(get("/plain/page", "Accept-Encoding", "gzip"))).isEmpty();
    }
}
