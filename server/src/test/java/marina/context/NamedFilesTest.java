package marina.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import marina.testing.MarinaUnderTest;
import marina.testing.SilentBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that an application names in X-Sendfile or X-Accel-Redirect instead of sending them. */
class NamedFilesTest {
    @TempDir
    private static Path base;

    private static final AtomicReference<String> TOLD = new AtomicReference<>("");
    private static HttpServer application;
    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws Exception {
        MarinaUnderTest.write(base, "data/files/report 1.pdf", "0123456789");
        MarinaUnderTest.write(base, "data/secret.txt", "secret");
        application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/", exchange -> {
            TOLD.set(exchange.getRequestHeaders().getFirst("X-Sendfile-Type") + " "
                    + exchange.getRequestHeaders().getFirst("X-Accel-Mapping"));
            String field = exchange.getRequestHeaders().getFirst("X-Field");
            exchange.getResponseHeaders()
                    .set(field, exchange.getRequestHeaders().getFirst("X-Value"));
            exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=r.pdf");
            exchange.getResponseHeaders().set("Cache-Control", "private, max-age=60");
            exchange.getResponseHeaders().set("ETag", "\"of the application\"");
            byte[] body = "the body of the application".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        application.start();
        String upstream =
                "upstream: \"http://127.0.0.1:" + application.getAddress().getPort() + "\"";
        marina = MarinaUnderTest.start(
                base,
                "contexts: { /app: { " + upstream + ", sendfile: { root: data/files } }, /plain: { " + upstream
                        + " } }");
        Files.createSymbolicLink(base.resolve("data/files/out.txt"), base.resolve("data/secret.txt"));
    }

    @AfterAll
    static void stop() {
        marina.close();
        application.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "report 1.pdf",
                "/report 1.pdf",
                "report%201.pdf",
                "/report%201.pdf",
                "BASE/data/files/report 1.pdf"
            })
    void theFileIsSentInPlaceOfTheBody(String name) {
        String value = name.replace("BASE", base.toString());

        HttpResponse<String> response = marina.get("/app/x", "X-Field", "X-Sendfile", "X-Value", value);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("0123456789");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/pdf");
        assertThat(response.headers().firstValue("Content-Disposition")).contains("attachment; filename=r.pdf");
        assertThat(response.headers().firstValue("Cache-Control")).contains("private, max-age=60");
        assertThat(response.headers().firstValue("X-Sendfile")).isEmpty();
    }

    @Test
    void conditionsAndRangesAreThoseOfTheFile() {
        String[] named = {"X-Field", "X-Accel-Redirect", "X-Value", "/report%201.pdf"};
        HttpResponse<String> part = marina.get("/app/x", with(named, "Range", "bytes=2-4"));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("234");

        Optional<String> tag = part.headers().firstValue("ETag");
        assertThat(tag).isPresent().isNotEqualTo(Optional.of("\"of the application\""));
        assertThat(marina.get("/app/x", with(named, "If-None-Match", tag.orElseThrow()))
                        .statusCode())
                .isEqualTo(304);
    }

    private static String[] with(String[] headers, String name, String value) {
        return new String[] {headers[0], headers[1], headers[2], headers[3], name, value};
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.txt",
                "BASE/data/secret.txt",
                "/etc/passwd",
                "%2e%2e/secret.txt",
                "out.txt",
                "nothing.pdf",
                "/",
                "."
            })
    void whatIsOutOfTheFolderIsNotFound(String name) {
        String value = name.replace("BASE", base.toString());

        HttpResponse<String> response = marina.get("/app/x", "X-Field", "X-Sendfile", "X-Value", value);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).doesNotContain("secret", "root:", base.toString());
    }

    @Test
    void withoutTheKeyTheNameIsTakenOutAndNotFollowed() {
        HttpResponse<String> response = marina.get("/plain/x", "X-Field", "X-Sendfile", "X-Value", "report 1.pdf");

        assertThat(response.body()).isEqualTo("the body of the application");
        assertThat(response.headers().firstValue("X-Sendfile")).isEmpty();
    }

    @Test
    void clientsCannotMakeTheApplicationNameFiles() {
        String[] headers = {
            "X-Field", "A", "X-Value", "b", "X-Sendfile-Type", "X-Accel-Redirect", "X-Accel-Mapping", "/=/"
        };
        marina.get("/plain/x", headers);
        assertThat(TOLD.get()).isEqualTo("null null");
        marina.get("/app/x", headers);
        assertThat(TOLD.get()).isEqualTo("X-Sendfile null");
    }

    @Test
    void theFileIsSentThoughTheApplicationDoesNotReadTheRequestToItsEnd() throws Exception {
        try (SilentBackend silent = new SilentBackend()) {
            MarinaUnderTest.write(base, "early/data/files/report.pdf", "0123456789");
            try (MarinaUnderTest other = MarinaUnderTest.start(
                            base.resolve("early"),
                            "contexts: { /: { upstream: \"" + silent.url()
                                    + "\", sendfile: { root: data/files } } }\n");
                    Socket client =
                            new Socket(other.uri("").getHost(), other.uri("").getPort())) {
                client.setSoTimeout(25_000);
                client.getOutputStream()
                        .write("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\nbegin"
                                .getBytes(StandardCharsets.ISO_8859_1));
                await().until(() -> silent.visits().size() == 1
                        && silent.visits().get(0).heard().endsWith("begin"));

                silent.visits().get(0).say("HTTP/1.1 200 OK\r\nX-Sendfile: report.pdf\r\nContent-Length: 0\r\n\r\n");

                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("0123456789");
            }
        }
    }
}
