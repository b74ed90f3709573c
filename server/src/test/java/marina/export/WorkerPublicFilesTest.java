package marina.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Worker answers public files as Marina would, and Marina is not asked. */
@SuppressWarnings("NullAway.Init")
class WorkerPublicFilesTest {
    private static final String YAML =
            """
            auth: { htpasswd: conf/htpasswd, realm: Staff, public: ["^/$", "/index.html", "/docs", "/docs/", "/assets/", "*.css", "^/(studios|about)", "/shop/", "/shop"] }
            public:
              directory: public
              extensions: [html, css, js, png, txt]
              try_files: [index.html, .html]
              cache: { default: 5m, "/assets/": "1y immutable" }
            headers: { response: { X-Frame-Options: DENY } }
            contexts:
              /shop: { upstream: "ECHO/shop/", public: { directory: shop } }
              /site: { files: { directory: site, try_files: [.html] }, auth: false }
              /: { upstream: "ECHO/root/" }
            """;

    @TempDir
    private static Path base;

    private static EdgeBed bed;

    @BeforeAll
    static void start() {
        MarinaUnderTest.write(base, "conf/htpasswd", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=");
        for (String file : List.of(
                "public/index.html",
                "public/docs/index.html",
                "public/docs/a b.txt",
                "public/docs/gänse.html",
                "public/docs/data.json",
                "public/assets/app.js",
                "public/style.css",
                "public/secret.html",
                "public/studios/boston.html",
                "public/about.html",
                "public/.hidden.html",
                "public/.well-known/x.txt",
                "shop/logo.png",
                "site/guide.html",
                "site/empty.txt")) {
            MarinaUnderTest.write(base, file, file.contains("empty") ? "" : "This is " + file);
        }
        bed = new EdgeBed(base, YAML);
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/docs/",
                "/docs",
                "/docs?x=1&y=%20",
                "/docs/index.html",
                "/docs/a%20b.txt",
                "/docs/g%C3%A4nse",
                "/assets/app.js?v=2",
                "/style.css",
                "/studios/boston",
                "/about",
                "/shop/logo.png",
                "/shop",
                "/site/guide",
                "/site/empty.txt",
                "/site?q"
            })
    void isWhatMarinaWouldSay(String path) {
        int before = bed.heads().size();

        for (String method : List.of("GET", "HEAD")) {
            HttpResponse<String> edge = bed.ask(method, path);
            HttpResponse<String> marina = bed.askMarina(method, path);

            assertThat(edge.statusCode()).isEqualTo(marina.statusCode());
            assertThat(edge.body()).isEqualTo(marina.body());
            for (String field : List.of(
                    "Content-Type", "Cache-Control", "Last-Modified", "Location", "X-Frame-Options", "Accept-Ranges")) {
                assertThat(edge.headers().firstValue(field))
                        .as(method + " " + field)
                        .isEqualTo(marina.headers().firstValue(field));
            }
            if (method.equals("GET") || edge.statusCode() == 200) {
                assertThat(edge.headers().firstValue("Via")).isEmpty();
                assertThat(edge.headers().firstValue("X-Request-Id"))
                        .as("who has asked Marina gets an id")
                        .isEmpty();
            }
        }
        assertThat(bed.heads()).as("requests at the application").hasSize(before);
    }

    @Test
    void whatACacheHasIsNotSentAgain() {
        HttpResponse<String> first = bed.ask("GET", "/assets/app.js");
        String etag = first.headers().firstValue("ETag").orElseThrow();
        String modified = first.headers().firstValue("Last-Modified").orElseThrow();

        assertThat(bed.ask("GET", "/assets/app.js", "If-None-Match", "\"other\", W/" + etag))
                .satisfies(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(304);
                    assertThat(answer.body()).isEmpty();
                    assertThat(answer.headers().firstValue("ETag")).contains(etag);
                    assertThat(answer.headers().firstValue("Cache-Control"))
                            .contains("public, max-age=31536000, immutable");
                });
        assertThat(status("If-Modified-Since", modified)).isEqualTo(304);
        assertThat(status("If-None-Match", "\"other\"", "If-Modified-Since", modified))
                .isEqualTo(200);
        assertThat(status("If-Modified-Since", "Thu, 01 Jan 2015 00:00:00 GMT")).isEqualTo(200);
        assertThat(status("If-Match", "\"other\"")).isEqualTo(412);
        assertThat(status("If-Unmodified-Since", "Thu, 01 Jan 2015 00:00:00 GMT"))
                .isEqualTo(412);
    }

    @Test
    void partsAreSent() {
        String whole = bed.ask("GET", "/assets/app.js").body();
        String etag =
                bed.ask("HEAD", "/assets/app.js").headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> part = bed.ask("GET", "/assets/app.js", "Range", "bytes=5-7");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(whole.substring(5, 8));
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 5-7/" + whole.length());
        assertThat(bed.ask("GET", "/assets/app.js", "Range", "bytes=-3").body())
                .isEqualTo(whole.substring(whole.length() - 3));
        assertThat(bed.ask("GET", "/assets/app.js", "Range", "bytes=8-").body()).isEqualTo(whole.substring(8));
        assertThat(bed.ask("GET", "/assets/app.js", "Range", "bytes=5-7", "If-Range", "\"other\"")
                        .body())
                .isEqualTo(whole);
        assertThat(bed.ask("GET", "/assets/app.js", "Range", "bytes=5-7", "If-Range", etag)
                        .body())
                .isEqualTo(part.body());
        HttpResponse<String> beyond = bed.ask("GET", "/assets/app.js", "Range", "bytes=1000-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.headers().firstValue("Content-Range")).contains("bytes */" + whole.length());
        assertThat(bed.ask("HEAD", "/assets/app.js", "Range", "bytes=5-7").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void otherMethodsThanGetAndHeadAreForTheApplication(String method) {
        assertThat(bed.ask(method, "/assets/app.js?a=b").body())
                .startsWith("echo\n" + method + " /root/assets/app.js?a=b");
    }

    @Test
    void whatNeedsAPasswordIsNeverAnsweredFromTheBucket() {
        assertThat(bed.ask("GET", "/secret.html").statusCode()).isEqualTo(401);
        assertThat(bed.ask("GET", "/secret.html", "Authorization", "Basic c2FtOndyb25n")
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> known = bed.ask("GET", "/secret.html", "Authorization", "Basic c2FtOnRlc3Q=");
        HttpResponse<String> marina = bed.askMarina("GET", "/secret.html", "Authorization", "Basic c2FtOnRlc3Q=");
        assertThat(known.statusCode()).isEqualTo(marina.statusCode());
        assertThat(known.body()).isEqualTo(marina.body());
        assertThat(bed.marina().read("edge/manifest.json")).doesNotContain("secret.html", ".hidden");
    }

    private static int status(String... fields) {
        return bed.ask("GET", "/assets/app.js", fields).statusCode();
    }
}
