package marina.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which path reaches which context, and what its application sees of the path. */
class GateTest {
    @TempDir
    private Path base;

    private HttpServer upstream;

    @BeforeEach
    void startUpstream() throws Exception {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", exchange -> {
            String prefix = exchange.getRequestHeaders().getFirst("X-Forwarded-Prefix");
            byte[] seen = (exchange.getRequestURI() + " " + prefix).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, seen.length);
            exchange.getResponseBody().write(seen);
            exchange.close();
        });
        upstream.start();
    }

    @AfterEach
    void stopUpstream() {
        upstream.stop(0);
    }

    @Test
    void theBarePathIsRedirectedWithItsQueryAsServletContainersDo() {
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /sam/list1: { files: site } }")) {
            HttpResponse<String> response = marina.get("/sam/list1?a=b%20c");

            assertThat(response.statusCode()).isEqualTo(302);
            assertThat(response.headers().firstValue("Location")).hasValue("/sam/list1/?a=b%20c");
            assertThat(marina.post("/sam/list1", "x").statusCode())
                    .as("a redirect that keeps the method")
                    .isEqualTo(307);
            assertThat(marina.get("/sam/list12").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theRedirectOfABarePathNeverLeadsToAnotherHost() {
        MarinaUnderTest.write(base, "site/index.html", "hello");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /other.example: { files: site } }")) {
            assertThat(marina.get("/other.example").headers().firstValue("Location"))
                    .hasValue("/other.example/");
            for (String path : new String[] {
                "//other.example", "/./other.example", "/%2e/other.example", "/x/../other.example", "/%6fther.example"
            }) {
                HttpResponse<String> response = marina.get(path);
                assertThat(response.headers().firstValue("Location").orElse("/other.example/"))
                        .as(path)
                        .isEqualTo("/other.example/");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', /api/x?q=1, /api/x?q=1 null", "/, /api/x, /x /api", "/v1, /api/x%20y, /v1/x%20y /api"})
    void anUpstreamsPathReplacesTheContextPathAsInNginx(String path, String request, String seen) {
        String url = "http://127.0.0.1:" + upstream.getAddress().getPort() + path;
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "contexts: { /api: { upstream: \"" + url + "\" } }")) {
            assertThat(marina.get(request).body()).isEqualTo(seen);
        }
    }

    @Test
    void aCommandSeesTheWholePathUnlessItIsStripped() {
        String app = "command: [node, app.js], directory: "
                + Path.of("target/test-classes/apps").toAbsolutePath();
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "contexts:\n  /whole: { " + app + " }\n  /cut: { " + app + ", strip_path: true }\n")) {
            assertThat(marina.get("/whole/x?y=1").body()).contains("\"url\":\"/whole/x?y=1\"");
            assertThat(marina.get("/cut/x?y=1").body())
                    .contains("\"url\":\"/x?y=1\"")
                    .contains("\"x-forwarded-prefix\":\"/cut\"");
        }
    }

    @Test
    void filesAreServedWithoutListingsDotfilesOrLinksOutOfTheTree() throws Exception {
        MarinaUnderTest.write(base, "site/index.html", "hello");
        MarinaUnderTest.write(base, "site/empty/a.txt", "0123456789");
        MarinaUnderTest.write(base, "site/.env", "SECRET=1");
        MarinaUnderTest.write(base, "secret.txt", "outside");
        Files.createSymbolicLink(base.resolve("site/link.txt"), base.resolve("secret.txt"));
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "contexts: { /docs: { files: site } }")) {
            assertThat(marina.get("/docs/").body()).isEqualTo("hello");
            assertThat(marina.get("/docs/empty/").statusCode()).isIn(403, 404);
            assertThat(marina.get("/docs/.env").statusCode()).isEqualTo(404);
            assertThat(marina.get("/docs/link.txt").statusCode()).isEqualTo(404);
            assertThat(marina.get("/docs/empty/a.txt", "Range", "bytes=2-4").body())
                    .isEqualTo("234");
            assertThat(marina.post("/docs/empty/a.txt", "x").statusCode()).isEqualTo(405);
            assertThat(marina.get("/docs/missing").body()).contains("Not found");
        }
    }

    @Test
    void theHealthCheckIsAnsweredByTheServerItself() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "health: { path: /up, status: 200, body: fine }\n")) {
            assertThat(marina.get("/up").body()).isEqualTo("fine");
            assertThat(marina.get("/upper").statusCode()).isEqualTo(404);
        }
    }
}
