package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: the health check, files, redirects, rewrites and tenants are found where they are there. */
class PathsTest {
    private static final String AGENT = "Mozilla/5.0 Firefox/120.0";

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        marina = new NavigatorBed(base)
                .file("public/assets/controllers/x.js", "js")
                .file("public/assets/a.css", "css")
                .file("public/images/i.png", "png")
                .file("public/secret.xml", "xml")
                .file("public/bare", "bare")
                .file("public/studios/index.html", "all studios")
                .file("public/studios/raleigh.html", "raleigh")
                .file("public/studios/laval/index.html", "laval")
                .file("public/empty/a.txt", "")
                .navigator(
                        """
                        server:
                          listen: LISTEN
                          root_path: /showcase
                          static:
                            allowed_extensions: [html, css, js, png]
                            try_files: [index.html, .html, .htm]
                            normalize_trailing_slashes: true
                            cache_control: {default: 1h, overrides: [{path: /showcase/assets/, max_age: 24h, immutable: true},
                                                                     {path: /showcase/images/, max_age: 12h}]}
                          health_check: {path: /health, response: {status: 503, body: '{"a":1}',
                                         headers: {Content-Type: application/json, X-Custom-Header: here}}}
                          bot_detection: {enabled: true, action: reject}
                        routes:
                          redirects:
                            - {from: '^/old-path/(.+)$', to: '/new-path/$1'}
                            - {from: '^/user/(\\d+)/profile/(.+)$', to: '/profile/$2?user_id=$1'}
                            - {from: '/middle', to: '/centre'}
                            - {from: '(a+)+$x', to: '/never'}
                            - {from: '(a|a)*$x', to: '/never'}
                            - {from: '^/only-read$', to: '/centre', methods: [GET, HEAD]}
                            - {from: '^(a+)+b$', to: '/never'}
                          rewrites:
                            - {from: '^/step1$', to: /step2}
                            - {from: '^/step2$', to: /showcase/final}
                        applications:
                        """
                                + NavigatorBed.NODE
                                + """
                          env: {RAILS_APP_DB: '${database}'}
                          tenants:
                            - {path: /showcase/, framework: node, var: {database: index}}
                            - {path: /showcase/2025/raleigh/shimmer-shine/, framework: node, var: {database: shine},
                               bot_detection: {enabled: true, action: ignore}}
                        """)
                .start();
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    private static HttpResponse<String> get(String path, String... headers) {
        return headers.length == 0 ? marina.get(path, "User-Agent", AGENT) : marina.get(path, headers);
    }

    private static String location(String path) {
        HttpResponse<String> answer = get(path);
        return answer.statusCode() + " "
                + answer.headers().firstValue("location").orElse("");
    }

    @Test
    void theHealthCheckIsAnsweredAsItIsWritten() {
        HttpResponse<String> answer = get("/health");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("{\"a\":1}");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("x-custom-header")).contains("here");
        assertThat(get("/health/").statusCode()).isEqualTo(404);
        assertThat(get("/up").statusCode()).isEqualTo(404);
    }

    @Test
    void requestsHaveAnId() {
        assertThat(get("/showcase/x").body()).containsPattern("\"id\":\"[0-9a-f]{32}\"");
        assertThat(get("/showcase/x", "User-Agent", AGENT, "X-Request-Id", "existing-123")
                        .body())
                .contains("\"id\":\"existing-123\"");
    }

    @Test
    void theLongestTenantAnswersAndWithoutOneNobody() {
        assertThat(get("/showcase/2025/raleigh/shimmer-shine/deep/path").body()).contains("\"database\":\"shine\"");
        assertThat(get("/showcase/2025/invalid/tenant/").body()).contains("\"database\":\"index\"");
        assertThat(get("/other/path").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void pathsWithoutTheirSlashAreRedirected() {
        // Navigator drops the query of every redirect; that is a defect, so it is kept here.
        assertThat(location("/showcase?a=b")).isEqualTo("302 /showcase/?a=b");
        assertThat(location("/showcase/2025/raleigh/shimmer-shine?a=b"))
                .endsWith("/showcase/2025/raleigh/shimmer-shine/?a=b")
                .startsWith("30");
        assertThat(get("/showcase/").statusCode()).isEqualTo(200);
    }

    @Test
    void filesAreFoundWithAndWithoutTheRootPath() {
        for (String path : List.of("/showcase/assets/controllers/x.js", "/assets/controllers/x.js")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.body()).as(path).isEqualTo("js");
            assertThat(answer.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).contains("javascript"));
        }
        assertThat(get("/wrong/assets/a.css").statusCode()).isEqualTo(404);
        assertThat(get("/assets/none.css").statusCode()).isEqualTo(404);
        assertThat(get("/secret.xml").statusCode()).isEqualTo(404);
        assertThat(RawClient.status(marina.uri("/"), "GET", "/assets/../../config/navigator.yml"))
                .isIn(400, 404);
        // Navigator gives a file to any method; here only GET and HEAD read.
        assertThat(marina.post("/assets/a.css", "").statusCode()).isEqualTo(404);
    }

    @Test
    void prerenderedPagesComeBeforeTenants() {
        assertThat(get("/showcase/studios/").body()).isEqualTo("all studios");
        assertThat(get("/showcase/studios/raleigh").body()).isEqualTo("raleigh");
        assertThat(get("/studios/raleigh").body()).isEqualTo("raleigh");
        assertThat(location("/showcase/studios/laval?x=1")).isEqualTo("301 /showcase/studios/laval/?x=1");
        assertThat(get("/showcase/studios/laval/").body()).isEqualTo("laval");
        assertThat(get("/showcase/empty").body()).contains("\"database\":\"index\"");
        assertThat(get("/showcase/studios/none").body()).contains("\"database\":\"index\"");
    }

    @Test
    void filesMayBeKeptForAsLongAsTheirPrefixSays() {
        assertThat(get("/showcase/assets/a.css").headers().firstValue("cache-control"))
                .contains("public, max-age=86400, immutable");
        assertThat(get("/showcase/images/i.png").headers().firstValue("cache-control"))
                .contains("public, max-age=43200");
        assertThat(get("/showcase/studios/").headers().firstValue("cache-control"))
                .contains("public, max-age=3600");
    }

    @Test
    void redirectsAndRewrites() {
        assertThat(location("/old-path/a/b")).isEqualTo("302 /new-path/a/b");
        assertThat(location("/user/7/profile/me")).isEqualTo("302 /profile/me?user_id=7");
        // What the pattern leaves of the path stays, as Go's ReplaceAllString does it.
        assertThat(location("/a/middle/z")).isEqualTo("302 /a/centre/z");
        // Navigator writes a blank into Location as it is; no client must read that.
        assertThat(location("/old-path/a%20b")).isEqualTo("302 /new-path/a%20b");
        assertThat(get("/step1").body()).contains("\"path\":\"/showcase/final\"");
        assertThat(get("/untouched").statusCode()).isEqualTo(404);
    }

    @Test
    void aRedirectMayBeForSomeMethods() {
        assertThat(location("/only-read")).isEqualTo("302 /centre");
        assertThat(marina.post("/only-read", "x").statusCode()).isEqualTo(404);
    }

    @Test
    void aRedirectKeepsTheMethodOfARequestWithABody() {
        HttpResponse<String> answer = marina.post("/old-path/x", "body");
        assertThat(answer.statusCode()).as("302 would turn POST into GET").isEqualTo(307);
    }

    @Test
    void patternsThatBacktrackElsewhereCostNothing() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            assertThat(get("/" + "a".repeat(1000)).statusCode()).isEqualTo(404);
            best = Math.min(best, System.nanoTime() - begin);
        }
        assertThat(best).isLessThan(1_000_000_000L);
    }

    @Test
    void crawlersGetFilesAndNoTenantThatDoesNotWantThem() {
        String[] crawler = {"User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"};
        assertThat(get("/showcase/x", crawler).statusCode()).isEqualTo(403);
        assertThat(get("/showcase/x", crawler).body()).contains("Forbidden");
        assertThat(get("/showcase/x", "User-Agent", "GPTBot/1.0").statusCode()).isEqualTo(403);
        assertThat(get("/showcase/x", "User-Agent", "ClaudeBot/1.0").statusCode())
                .isEqualTo(403);
        assertThat(get("/showcase/studios/", crawler).statusCode()).isEqualTo(200);
        assertThat(get("/showcase/2025/raleigh/shimmer-shine/", crawler).statusCode())
                .isEqualTo(200);
    }

    @Test
    void oddRequestsAreAnswered() {
        for (String target : List.of(
                "/" + "x".repeat(12_000),
                "/%00",
                "/" + "n".repeat(300) + ".css",
                "/assets/a.css/x.css",
                "/%F0%9F%98%80",
                "//showcase//x",
                "/a?" + "q".repeat(12_000))) {
            assertThat(RawClient.status(marina.uri("/"), "GET", target))
                    .as(target)
                    .isBetween(200, 499);
        }
        String[] fields = new String[1000];
        java.util.Arrays.setAll(fields, i -> "X-Field-" + i + ": v");
        assertThat(RawClient.status(marina.uri("/"), "GET", "/showcase/x", fields))
                .isBetween(200, 431);
        for (String target : List.of("/" + "x".repeat(23_000), "/a?" + "q".repeat(120_000))) {
            assertThat(RawClient.status(marina.uri("/"), "GET", target)).isIn(414, 431);
        }
        assertThat(RawClient.status(marina.uri("/"), "PATCH", "/showcase/x", "User-Agent: Firefox"))
                .isEqualTo(200);
        assertThat(RawClient.status(marina.uri("/"), "GET", "/showcase/x", "X-Long: " + "y".repeat(100_000)))
                .isEqualTo(431);
    }
}
