package marina.valve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests public files answer, and which go on to the contexts. */
class PublicFilesTest {
    @TempDir
    private Path base;

    private HttpServer upstream;

    @BeforeEach
    void start() throws Exception {
        MarinaUnderTest.write(base, "public/index.html", "the index");
        MarinaUnderTest.write(base, "public/studios/index.html", "all studios");
        MarinaUnderTest.write(base, "public/studios/boston.html", "boston");
        MarinaUnderTest.write(base, "public/studios/boston/more.txt", "folder beside a page");
        MarinaUnderTest.write(base, "public/docs/guide.html.html", "never by suffix");
        MarinaUnderTest.write(base, "public/assets/app.js", "script");
        MarinaUnderTest.write(base, "public/assets/fonts/a.txt", "font");
        MarinaUnderTest.write(base, "public/notes.xml", "<notes/>");
        MarinaUnderTest.write(base, "own/app.css", "of the context");
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", exchange -> {
            byte[] seen = ("app " + exchange.getRequestMethod() + " "
                            + exchange.getRequestURI().getPath())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, seen.length);
            exchange.getResponseBody().write(seen);
            exchange.close();
        });
        upstream.start();
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
    }

    private MarinaUnderTest marina(String publicFiles) {
        return MarinaUnderTest.start(base, yaml(publicFiles));
    }

    private String yaml(String publicFiles) {
        return publicFiles + "\ncontexts: { /: { upstream: \"http://127.0.0.1:"
                + upstream.getAddress().getPort() + "\" } }";
    }

    @Test
    void filesAndTriesComeBeforeTheContexts() {
        Map<String, String> expected = Map.of(
                "/", "the index",
                "/studios/", "all studios",
                "/studios/boston", "boston",
                "/studios/boston/", "app GET /studios/boston/",
                "/studios/nobody", "app GET /studios/nobody",
                "/docs/guide.html", "app GET /docs/guide.html",
                "/assets/app.js", "script",
                "/assets/missing.js", "app GET /assets/missing.js",
                "/notes.xml", "<notes/>",
                "/users/1/edit", "app GET /users/1/edit");
        try (MarinaUnderTest marina = marina("public: { directory: public, try_files: [index.html, .html, .htm] }")) {
            assertThat(expected)
                    .allSatisfy(
                            (path, body) -> assertThat(marina.get(path).body()).isEqualTo(body));
        }
    }

    @Test
    void extensionsLimitFilesButNotTries() {
        try (MarinaUnderTest marina =
                marina("public: { directory: public, extensions: [JS], try_files: [index.html, .html] }")) {
            assertThat(marina.get("/assets/app.js").body()).isEqualTo("script");
            assertThat(marina.get("/notes.xml").body()).isEqualTo("app GET /notes.xml");
            assertThat(marina.get("/studios/boston").body()).isEqualTo("boston");
        }
    }

    @Test
    void withoutTriesOnlyFilesAreServed() {
        try (MarinaUnderTest marina = marina("public: { directory: public }")) {
            assertThat(marina.get("/studios/").body()).isEqualTo("app GET /studios/");
            assertThat(marina.get("/studios/boston").body()).isEqualTo("app GET /studios/boston");
            assertThat(marina.get("/assets/app.js").body()).isEqualTo("script");
        }
    }

    @Test
    void aFolderWithAnIndexGetsItsSlash() {
        try (MarinaUnderTest marina = marina("public: { directory: public, try_files: [index.html] }")) {
            HttpResponse<String> redirect = marina.get("/studios?year=2025");
            assertThat(redirect.statusCode()).isEqualTo(301);
            assertThat(redirect.headers().firstValue("Location")).contains("/studios/?year=2025");
            assertThat(marina.get("/assets").body()).isEqualTo("app GET /assets");
        }
    }

    @Test
    void aFolderGetsNoSlashWhereThatIsSwitchedOff() {
        try (MarinaUnderTest marina =
                marina("public: { directory: public, try_files: [index.html], trailing_slash: false }")) {
            assertThat(marina.get("/studios").body()).isEqualTo("app GET /studios");
        }
    }

    @Test
    void otherMethodsGoToTheContext() {
        try (MarinaUnderTest marina = marina("public: { directory: public }")) {
            assertThat(marina.post("/assets/app.js", "x").body()).isEqualTo("app POST /assets/app.js");
        }
    }

    @Test
    void theLongestPrefixSaysHowLongCachesKeepAFile() {
        Map<String, String> expected = Map.of(
                "/notes.xml", "public, max-age=3600",
                "/assets/app.js", "public, max-age=31536000, immutable",
                "/assets/fonts/a.txt", "public, max-age=0, must-revalidate");
        String cache = "cache: { default: 1h, /assets/: 1y immutable, /assets/fonts/: 0 }";
        try (MarinaUnderTest marina = marina("public: { directory: public, " + cache + " }")) {
            assertThat(expected).allSatisfy((path, field) -> assertThat(
                            marina.get(path).headers().firstValue("Cache-Control"))
                    .contains(field));
        }
    }

    @Test
    void theBasePathMayLeadOrNot() {
        try (MarinaUnderTest marina = marina("base_path: /showcase\npublic: { directory: public }")) {
            assertThat(marina.get("/showcase/assets/app.js").body()).isEqualTo("script");
            assertThat(marina.get("/assets/app.js").body()).isEqualTo("script");
            assertThat(marina.get("/wrong/assets/app.js").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aContextHasItsOwnBelowItsPath() {
        String yaml = "contexts: { /a: { public: { directory: own }, upstream: \"http://127.0.0.1:"
                + upstream.getAddress().getPort() + "\" } }";
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, yaml)) {
            assertThat(marina.get("/a/app.css").body()).isEqualTo("of the context");
            assertThat(marina.get("/a/other.css").body()).isEqualTo("app GET /a/other.css");
            assertThat(marina.get("/app.css").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aReloadChangesThem() {
        try (MarinaUnderTest marina = marina("")) {
            assertThat(marina.get("/assets/app.js").body()).isEqualTo("app GET /assets/app.js");
            assertThat(marina.reload(yaml("public: { directory: public }")).succeeded())
                    .isTrue();
            assertThat(marina.get("/assets/app.js").body()).isEqualTo("script");
        }
    }
}
