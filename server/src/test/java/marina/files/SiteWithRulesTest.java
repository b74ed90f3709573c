package marina.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A files context that says how its files are served. */
class SiteWithRulesTest {
    @TempDir
    private Path base;

    @Test
    void itsRulesAreThoseOfPublicFiles() {
        MarinaUnderTest.write(base, "site/index.html", "<h1>home</h1>");
        MarinaUnderTest.write(base, "site/text.txt", "text");
        MarinaUnderTest.write(base, "site/bare/file.txt", "x");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /rules:
                    files:
                      directory: site
                      extensions: [txt]
                      try_files: [file.txt, .txt]
                      trailing_slash: false
                      cache: { default: 5m, /rules/bare/: 1y immutable }
                  /plain: { files: { directory: site } }
                """)) {
            assertThat(marina.get("/rules/text").headers().firstValue("Cache-Control"))
                    .hasValue("public, max-age=300");
            assertThat(marina.get("/rules/bare/").body()).isEqualTo("x");
            assertThat(marina.get("/rules/bare/").headers().firstValue("Cache-Control"))
                    .hasValue("public, max-age=31536000, immutable");
            assertThat(marina.get("/rules/bare").statusCode()).isEqualTo(404);
            assertThat(marina.get("/rules/index.html").statusCode()).isEqualTo(404);
            assertThat(marina.get("/plain/").body()).isEqualTo("<h1>home</h1>");
        }
    }
}
