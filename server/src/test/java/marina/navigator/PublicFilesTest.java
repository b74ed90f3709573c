package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file for Navigator that says little of its files: no root path, no try_files, no list of extensions. */
class PublicFilesTest {
    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        NavigatorBed bed = new NavigatorBed(base)
                .file("public/assets/test.css", "css")
                .file("public/docs/index.html", "docs")
                .file("public/studio.html", "studio")
                .file("public/bare", "bare");
        for (String name :
                new String[] {"html", "css", "txt", "js", "json", "png", "jpg", "gif", "svg", "pdf", "nobody-knows"}) {
            bed.file("public/a." + name, "content");
        }
        marina = bed.navigator("server: {listen: LISTEN, static: {public_dir: public}}\n")
                .start();
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    private static String type(String path) {
        HttpResponse<String> answer = marina.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.headers().firstValue("content-type").orElse("").replace("; ", ";");
    }

    @ParameterizedTest
    @CsvSource({
        "html,text/html;charset=utf-8",
        "css,text/css;charset=utf-8",
        "txt,text/plain;charset=utf-8",
        "js,text/javascript;charset=utf-8",
        "png,image/png",
        "jpg,image/jpeg",
        "gif,image/gif",
        "pdf,application/pdf"
    })
    void typesAreToldByTheExtension(String extension, String type) {
        assertThat(type("/a." + extension)).isEqualTo(type);
    }

    @Test
    void textsOfOtherTypesMayHaveACharset() {
        assertThat(type("/a.json")).startsWith("application/json");
        assertThat(type("/a.svg")).startsWith("image/svg+xml");
    }

    @Test
    void whatNobodyKnowsHasNoTypeAndIsNotGuessedAt() {
        // There its first bytes are looked at, and a text of a user may become a page.
        assertThat(type("/a.nobody-knows")).isEmpty();
    }

    @Test
    void pathsAreThoseBelowTheFolder() {
        assertThat(marina.get("/assets/test.css").body()).isEqualTo("css");
        assertThat(marina.get("/showcase/assets/test.css").statusCode()).isEqualTo(404);
    }

    @Test
    void withoutTryFilesNothingIsTriedAndNothingRedirected() {
        assertThat(marina.get("/studio").statusCode()).isEqualTo(404);
        assertThat(marina.get("/docs").statusCode()).isEqualTo(404);
        assertThat(marina.get("/docs/").statusCode()).isEqualTo(404);
        assertThat(marina.get("/docs/index.html").body()).isEqualTo("docs");
    }

    @Test
    void browsersAskEachTimeWhereNothingIsWritten() {
        HttpResponse<String> answer = marina.get("/a.css");
        String tag = answer.headers().firstValue("etag").orElse("");
        assertThat(answer.headers().firstValue("cache-control"))
                .hasValueSatisfying(field -> assertThat(field).contains("max-age=0"));
        assertThat(marina.get("/a.css", "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(marina.get("/a.css", "Range", "bytes=0-2").body()).isEqualTo("con");
    }
}
