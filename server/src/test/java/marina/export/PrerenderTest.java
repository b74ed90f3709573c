package marina.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import marina.admin.CommandLine;
import marina.config.Directories;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages that an application has made become files, which are answered without it. */
@SuppressWarnings("NullAway.Init")
class PrerenderTest {
    private static final String YAML =
            """
            public: { directory: public, extensions: [html, css, js, png, svg, woff2], try_files: [index.html, .html] }
            auth: { htpasswd: conf/htpasswd, public: ["/shop/"] }
            contexts:
              /shop: { command: [node, "%s"] }
            """
                    .formatted(Path.of("src/test/resources/apps/pages.js").toAbsolutePath());

    @TempDir
    private Path base;

    private final StringWriter out = new StringWriter();
    private MarinaUnderTest marina;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(base.resolve("public"));
        MarinaUnderTest.write(base, "conf/htpasswd", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=");
        marina = MarinaUnderTest.start(base, YAML);
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    @Test
    void aPageIsAnsweredWithoutItsApplication() {
        assertThat(prerender("/shop/boston", "/shop/boston/", "/shop/news.html"))
                .as(out.toString())
                .isZero();

        assertThat(marina.read("public/shop/boston.html")).isEqualTo("<p>Grüße from /shop/boston, 1</p>");
        assertThat(marina.read("public/shop/boston/index.html")).isEqualTo("<p>Grüße from /shop/boston/, 1</p>");
        assertThat(marina.read("public/shop/news.html")).contains("/shop/news.html");
        awaitPage("/shop/news.html", "<p>Grüße from /shop/news.html, 1</p>");
        assertThat(marina.get("/shop/boston/").body()).isEqualTo("<p>Grüße from /shop/boston/, 1</p>");
    }

    @Test
    void aPageIsMadeAnewAndNotCopiedFromItself() {
        assertThat(prerender("/shop/boston")).isZero();
        awaitPage("/shop/boston", "<p>Grüße from /shop/boston, 1</p>");

        assertThat(prerender("/shop/boston")).as(out.toString()).isZero();

        assertThat(marina.read("public/shop/boston.html"))
                .startsWith("<p>Grüße from /shop/boston, ")
                .doesNotContain(", 1<");
        assertThat(names()).containsExactlyInAnyOrder(".prerendered", "boston.html");
    }

    @Test
    void aPageThatFailsStaysAsItWas() throws IOException {
        assertThat(prerender("/shop/boston")).isZero();
        Files.writeString(base.resolve("public/.prerendered"), "shop/boston.html\nshop/broken.html\n");
        MarinaUnderTest.write(base, "public/shop/broken.html", "as it was");

        assertThat(prerender("/shop/boston", "/shop/broken")).isEqualTo(1);

        assertThat(marina.read("public/shop/broken.html")).isEqualTo("as it was");
        assertThat(marina.read("public/shop/boston.html")).contains("/shop/boston, ");
        assertThat(names()).containsExactlyInAnyOrder(".prerendered", "boston.html", "broken.html");
        assertThat(marina.read("public/.prerendered")).contains("shop/boston.html\n", "shop/broken.html\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/shop/private | Cache-Control",
                "/shop/cookie | sets the cookie session",
                "/shop/json | not text/html",
                "/shop/latin | not text/html in UTF-8",
                "/shop/moved | is 302 to /shop/there",
                "/shop/broken | is 500",
                "/shop/big | larger than",
                "/shop/x?y=1 | leave out the query",
                "/shop/x.pdf | public.extensions",
                "/shop/..%2f..%2fx | no public file",
                "/shop/%2e%2e/%2e%2e/%2e%2e/x | no public file",
                "/shop/.git/x | no public file",
                "/shop//x | no public file",
                "/secret | is 401",
            })
    void whatIsNoPublicPageIsRefused(String path, String reason) {
        assertThat(prerender(path)).isEqualTo(1);
        assertThat(out.toString()).contains(reason);
        assertThat(names()).isEmpty();
        assertThat(base.resolveSibling("x.html")).doesNotExist();
    }

    @Test
    void whatAPageRefersToAtTheSameServerIsFetchedToo() {
        assertThat(prerender("/shop/look")).as(out.toString()).isZero();
        assertThat(names()).containsExactlyInAnyOrder(".prerendered", "look.html");

        assertThat(prerender("--assets", "/shop/look")).as(out.toString()).isZero();

        assertThat(names())
                .containsExactlyInAnyOrder(
                        ".prerendered",
                        "look.html",
                        "base.css",
                        "more.css",
                        "icon.svg",
                        "font.woff2",
                        "game.js",
                        "arena.js",
                        "late.js",
                        "back.png",
                        "head.png",
                        "small.png",
                        "large.png");
        assertThat(marina.read("public/shop/assets/base.css")).startsWith("@import \"more.css\";");
        assertThat(marina.read("public/.prerendered")).contains("shop/assets/font.woff2\n");
        await("an answer of the file, which has a tag").until(() -> marina.get("/shop/assets/arena.js")
                .headers()
                .firstValue("ETag")
                .isPresent());
        assertThat(prerender("--assets", "/shop/look")).as("once more: %s", out).isZero();
    }

    @Test
    void whatAFileCannotStandForIsNotFetchedAndTold() {
        assertThat(prerender("--assets", "/shop/ugly")).isEqualTo(1);
        assertThat(out.toString())
                .contains("private.css: the answer has Cache-Control")
                .contains("login.css: the answer is of type [text/html, charset=utf-8], not text/css in UTF-8")
                .contains("gone.css: the answer is 404")
                .contains("nothing: no file can stand for it")
                .contains("two.css?v=2: pages refer to it as http")
                .doesNotContain("bad");
        assertThat(names()).containsExactlyInAnyOrder(".prerendered", "ugly.html", "two.css");
    }

    @Test
    void aPageThatRefersToNoEndOfFilesIsNoWayToFillTheDisk() {
        assertThat(prerender("--assets", "/shop/endless")).isEqualTo(1);
        assertThat(out.toString()).contains("pages refer to more than 1000 files");
        assertThat(names()).hasSize(2 + 1000);
    }

    @Test
    void whatIsAPublicFileAlreadyIsNoneOfThePrograms() {
        MarinaUnderTest.write(base, "public/shop/assets/base.css", "by hand");

        assertThat(prerender("--assets", "/shop/look")).as(out.toString()).isZero();

        assertThat(marina.read("public/shop/assets/base.css")).isEqualTo("by hand");
        assertThat(names()).contains("game.js").doesNotContain("more.css");
    }

    @Test
    void aFileThatSomebodyHasWrittenIsLeftAlone() {
        MarinaUnderTest.write(base, "public/shop/boston.html", "by hand");

        assertThat(prerender("/shop/boston")).isEqualTo(1);
        assertThat(out.toString()).contains("was not made by prerender");
        assertThat(marina.read("public/shop/boston.html")).isEqualTo("by hand");

        assertThat(prerender("--force", "/shop/boston")).isZero();
        assertThat(marina.read("public/shop/boston.html")).contains("Grüße");
    }

    @Test
    void aLinkOutOfTheFolderIsNotFollowed() throws IOException {
        Files.createDirectories(base.resolve("elsewhere"));
        Files.createSymbolicLink(base.resolve("public/shop"), base.resolve("elsewhere"));

        assertThat(prerender("/shop/boston")).isEqualTo(1);
        assertThat(out.toString()).contains("would not lie in");
        assertThat(base.resolve("elsewhere")).isEmptyDirectory();
    }

    @Test
    void anApplicationThatStartsIsWaitedFor() {
        assertThat(prerender("/shop/starting")).as(out.toString()).isZero();
        assertThat(marina.read("public/shop/starting.html")).contains("/shop/starting, 3");
    }

    @Test
    void pathsNeedARunningMarina() {
        CommandLine line = new CommandLine(new Directories(base, base.resolve("other")), MarinaUnderTest.environment());
        MarinaUnderTest.write(
                base, "other/conf/server.yml", "public: { directory: \"" + base.resolve("public") + "\" }");
        assertThat(execute(line, "prerender", "/shop/")).isEqualTo(3);
        assertThat(out.toString()).contains("Marina is not running");
    }

    private void awaitPage(String path, String content) {
        await().atMost(Duration.ofSeconds(10)).until(() -> marina.get(path).body(), content::equals);
    }

    private java.util.List<String> names() {
        try (Stream<Path> files = Files.walk(base.resolve("public"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int prerender(String... arguments) {
        String[] all = Stream.concat(Stream.of("prerender"), Stream.of(arguments))
                .map(one -> one.startsWith("/") ? "http://" + marina.uri("/").getAuthority() + one : one)
                .toArray(String[]::new);
        return execute(new CommandLine(new Directories(base, base), MarinaUnderTest.environment()), all);
    }

    private int execute(CommandLine line, String... arguments) {
        picocli.CommandLine all = line.picocli();
        all.setOut(new PrintWriter(out));
        all.setErr(new PrintWriter(out));
        return all.execute(arguments);
    }
}
