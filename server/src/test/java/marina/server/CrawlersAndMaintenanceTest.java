package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no context gets to see. */
class CrawlersAndMaintenanceTest {
    private static final String APP =
            Path.of("src/test/resources/apps/app.js").toAbsolutePath().toString();

    @TempDir
    private Path base;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
            })
    void crawlersAreRefusedBeforeABackendStarts(String agent) {
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "bots: reject\ncontexts:\n  /shop: { command: [node, \"" + APP + "\"] }\n  /open: { command: [node, \""
                        + APP + "\"], bots: allow }\n")) {
            assertThat(marina.get("/shop/", "User-Agent", agent).statusCode()).isEqualTo(403);
            assertThat(marina.get("/nothing", "User-Agent", agent).statusCode()).isEqualTo(403);
            assertThat(marina.status("/shop").backend().starts()).isZero();
            assertThat(marina.get("/open/", "User-Agent", agent).statusCode()).isEqualTo(200);
            assertThat(marina.get(
                                    "/shop/",
                                    "User-Agent",
                                    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theRulesForCrawlersAreTheOnlyFileThatTheyGet() {
        MarinaUnderTest.write(base, "public/robots.txt", "User-agent: *\nDisallow: /\n");
        MarinaUnderTest.write(base, "public/index.html", "home");
        String rest = "bots: reject\ncontexts: { /: { command: [node, \"" + APP + "\"] } }\n";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "public: { directory: public }\n" + rest)) {
            assertThat(marina.get("/robots.txt", "User-Agent", "Googlebot/2.1").body())
                    .startsWith("User-agent: *");
            assertThat(marina.get("/index.html", "User-Agent", "Googlebot/2.1").statusCode())
                    .isEqualTo(403);

            marina.reload(rest);

            assertThat(marina.get("/robots.txt", "User-Agent", "Googlebot/2.1").statusCode())
                    .isEqualTo(403);
            assertThat(marina.status("/").backend().starts()).isZero();
        }
    }

    @Test
    void whoHasShownAPasswordIsNoCrawler() {
        MarinaUnderTest.write(base, "conf/staff", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "auth: { htpasswd: conf/staff }\nbots: reject\ncontexts:\n  /shop: { command: [node, \"" + APP
                        + "\"] }\n")) {
            assertThat(marina.get("/shop/", "User-Agent", "curl/8.0").statusCode())
                    .isEqualTo(401);
            assertThat(marina.get("/shop/", "User-Agent", "curl/8.0", "Authorization", "Basic YW5uYTp0ZXN0")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void oneContextIsClosedWhileTheOthersServeAndItsOwnFilesAreStillThere() {
        MarinaUnderTest.write(base, "shop/style.css", "body {}");
        MarinaUnderTest.write(base, "public/shop.html", "<h1>The shop is being rebuilt</h1>");
        String app = "command: [node, \"" + APP + "\"]";
        String closed = ", public: { directory: shop }, maintenance: { enabled: true, page: public/shop.html }";
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base, "contexts:\n  /shop: { " + app + closed + " }\n  /other: { " + app + " }\n")) {
            assertThat(marina.get("/shop/").statusCode()).isEqualTo(503);
            assertThat(marina.get("/shop").body()).contains("The shop is being rebuilt");
            assertThat(marina.get("/shop/style.css").body()).isEqualTo("body {}");
            assertThat(marina.status("/shop").backend().starts()).isZero();
            assertThat(marina.get("/other/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aContextStaysOpenWhileTheServerIsClosed() {
        String app = "command: [node, \"" + APP + "\"]";
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                "maintenance: { enabled: true }\ncontexts:\n  /shop: { " + app + " }\n  /admin: { " + app
                        + ", maintenance: { enabled: false } }\n")) {
            assertThat(marina.get("/shop/").statusCode()).isEqualTo(503);
            assertThat(marina.get("/none").statusCode()).isEqualTo(503);
            assertThat(marina.get("/admin/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void maintenanceClosesEverythingButTheHealthCheckUntilItIsSwitchedOff() {
        String contexts = "contexts:\n  /shop: { command: [node, \"" + APP + "\"] }\n";
        MarinaUnderTest.write(base, "public/503.html", "<h1>Back soon</h1>");
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "maintenance: { enabled: true, page: public/503.html }\n" + contexts)) {
            HttpResponse<String> closed = marina.get("/shop/", "Accept", "text/html");

            assertThat(closed.statusCode()).isEqualTo(503);
            assertThat(closed.body()).contains("Back soon");
            assertThat(closed.headers().firstValue("Retry-After")).isPresent();
            assertThat(closed.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(marina.get("/shop/", "Accept", "application/json").body())
                    .startsWith("{\"status\":503");
            assertThat(marina.get("/up").statusCode()).isEqualTo(200);

            marina.reload(contexts);

            assertThat(marina.get("/shop/").statusCode()).isEqualTo(200);
        }
    }
}
