package marina.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in the folder of a files context, or beside it, and is nobody's business; and what looks as if it were. */
class HiddenFilesTest {
    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() throws IOException {
        MarinaUnderTest.write(base, "site/text.txt", "text");
        MarinaUnderTest.write(base, "site/docs/index.html", "<h1>docs</h1>");
        MarinaUnderTest.write(base, "site/.env", "secret");
        MarinaUnderTest.write(base, "site/.git/config", "secret");
        MarinaUnderTest.write(base, "site/.well-known/security.txt", "contact");
        MarinaUnderTest.write(base, "outside/secret.txt", "secret");
        Files.createSymbolicLink(base.resolve("site/link-out.txt"), base.resolve("outside/secret.txt"));
        Files.createSymbolicLink(base.resolve("site/folder-out"), base.resolve("outside"));
        Files.createSymbolicLink(base.resolve("site/loop"), Path.of("loop"));
        marina = MarinaUnderTest.start(base, "contexts: { /site: { files: site } }");
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/site/.env",
                "/site/%2eenv",
                "/site/.git/config",
                "/site/docs/../.env",
                "/site/../outside/secret.txt",
                "/site/%2e%2e/outside/secret.txt",
                "/site/..%2foutside/secret.txt",
                "/site/..%5coutside/secret.txt",
                "/site/docs%2findex.html",
                "/site//etc/passwd",
                "/site/text.txt%00.html",
                "/site/text.txt/",
                "/site/text.txt/more",
                "/site/%c0%ae%c0%ae/outside/secret.txt",
                "/site/%ff.txt",
                "/site/\\text.txt",
                "/site/link-out.txt",
                "/site/folder-out/secret.txt",
                "/site/loop",
                "/site/nothing",
            })
    void whatIsNotToBeServedIsNotThere(String target) {
        String answer = RawClient.exchange(marina.uri("/"), "GET", target);

        assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*").doesNotContain("secret");
    }

    @Test
    void namesThatAreLongerThanAFileMayHaveAreNotThere() {
        assertThat(RawClient.status(marina.uri("/"), "GET", "/site/" + "a".repeat(5_000)))
                .isEqualTo(404);
        assertThat(RawClient.status(marina.uri("/"), "GET", "/site/" + "a/".repeat(4_000) + "b"))
                .isEqualTo(404);
    }

    @Test
    void wellKnownFilesAndLinksWithinTheFolderAreServed() throws IOException {
        Files.createSymbolicLink(base.resolve("site/link.txt"), Path.of("text.txt"));
        Files.createSymbolicLink(base.resolve("site/manual"), Path.of("docs"));

        assertThat(marina.get("/site/.well-known/security.txt").body()).isEqualTo("contact");
        assertThat(marina.get("/site/link.txt").body()).isEqualTo("text");
        assertThat(marina.get("/site/manual/").body()).isEqualTo("<h1>docs</h1>");
    }
}
