package example.todo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the list answers to other sites, to nonsense and without its database; what browsers may keep. */
class TodoDefenceTest {
    private static final Pattern STYLE = Pattern.compile("href=\"/ROOT(/assets/base\\.css\\?v=[0-9a-f]{16})\"");

    @TempDir
    private Path directory;

    private TodoUnderTest todo;

    @BeforeEach
    void start() throws Exception {
        todo = new TodoUnderTest("/ROOT", directory.resolve("root.db"));
    }

    @AfterEach
    void stop() {
        todo.close();
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Origin, https://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1:1",
        "Origin, not a URL"
    })
    void refusesAPostThatAnotherSiteCaused(String header, String value) throws Exception {
        HttpResponse<String> answer =
                todo.send(todo.form("/items", "text", "owned").header(header, value));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("That came from another site").contains("href=\"/ROOT/\"");
        assertThat(todo.page()).doesNotContain("owned");
    }

    @Test
    void acceptsAPostOfItsOwnPage() throws Exception {
        assertThat(todo.send(todo.form("/items", "text", "a").header("Sec-Fetch-Site", "same-origin"))
                        .statusCode())
                .isEqualTo(303);
        assertThat(todo.send(todo.form("/items", "text", "b").header("Origin", todo.origin()))
                        .statusCode())
                .isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nothing/here", "/assets/todo.js", "/failure", "/clear"})
    void forbidsForeignAndInlineContentEverywhere(String path) throws Exception {
        HttpResponse<String> answer = todo.send(todo.request(path));

        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.body()).doesNotContain("style=\"", "<style", "onclick");
    }

    @ParameterizedTest
    @CsvSource({"/nothing/here, 404", "/failure, 404", "/assets/web.xml, 404", "/clear, 405", "/items/x, 405"})
    void answersAnUnknownAddressWithAPageOfItsOwn(String path, int status) throws Exception {
        HttpResponse<String> answer = todo.send(todo.request(path));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body())
                .contains("<p class=\"status\">" + status + "</p>")
                .contains("href=\"/ROOT/\"")
                .doesNotContain("Jetty");
    }

    @Test
    void refusesAnActionThatItDoesNotKnow() throws Exception {
        assertThat(todo.post("/items/x", "do", "explode").statusCode()).isEqualTo(400);
        assertThat(todo.post("/items/unknown", "do", "done").statusCode()).isEqualTo(303);
    }

    @Test
    void saysSoWhenItsDatabaseIsAway() throws Exception {
        try (TodoUnderTest broken = new TodoUnderTest("", directory.resolve("no/such/folder/list.db"))) {
            HttpResponse<String> page = broken.send(broken.request("/"));
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(page.body()).contains("The list cannot be reached").doesNotContain("sqlite", "Exception");

            HttpResponse<String> json = broken.fetch("/items", "text", "x");
            assertThat(json.statusCode()).isEqualTo(503);
            assertThat(json.body()).startsWith("{\"error\":\"The list cannot be reached.");

            HttpResponse<String> health = broken.send(broken.request("/health"));
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).isEqualTo("ok\n");
        }
    }

    @Test
    void letsBrowsersKeepAssetsUntilTheyChange() throws Exception {
        Matcher style = STYLE.matcher(todo.page());
        assertThat(style.find()).isTrue();

        HttpResponse<String> versioned = todo.send(todo.request(style.group(1)));
        assertThat(versioned.headers().firstValue("Cache-Control")).hasValue("public, max-age=31536000, immutable");
        assertThat(versioned.headers().firstValue("Content-Type")).hasValue("text/css;charset=utf-8");

        HttpResponse<String> bare = todo.send(todo.request("/assets/base.css"));
        assertThat(bare.headers().firstValue("Cache-Control")).hasValue("no-cache");

        String tag = bare.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> known = todo.send(todo.request("/assets/base.css").header("If-None-Match", "W/" + tag));
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
    }
}
