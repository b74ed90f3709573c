package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors look as the operator wants them, speak the client's language and tell nothing of the server. */
class ErrorPagesTest {
    @TempDir
    private Path base;

    @Test
    void theOperatorsPagesAreShownAlsoForBrokenRequests() {
        MarinaUnderTest.write(base, "public/404.html", "my 404");
        MarinaUnderTest.write(base, "public/4xx.html", "my 4xx");
        MarinaUnderTest.write(base, "public/5xx.html", "my 5xx");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                error_pages: { 404: public/404.html, 4xx: public/4xx.html, 5xx: public/5xx.html }
                contexts: { /gone: { upstream: "http://127.0.0.1:1" } }
                """)) {
            assertThat(RawClient.get(marina.uri(""), "/none")).contains(" 404 ").endsWith("my 404");
            assertThat(RawClient.get(marina.uri(""), "/gone/x"))
                    .contains(" 502 ")
                    .endsWith("my 5xx");
            assertThat(RawClient.get(marina.uri(""), "/%2e%2e/x"))
                    .contains(" 400 ")
                    .endsWith("my 4xx");
            assertThat(RawClient.exchange(marina.uri(""), "NONSENSE\r\n\r\n"))
                    .contains(" 400 ")
                    .endsWith("my 4xx");
            assertThat(RawClient.get(marina.uri(""), "/none", "Accept: application/json"))
                    .contains("application/json")
                    .contains("{\"status\":404");
        }
    }

    @Test
    void aContextHasPagesOfItsOwnBeforeThoseOfTheServer() {
        MarinaUnderTest.write(base, "public/all.html", "of all");
        MarinaUnderTest.write(base, "public/shop.html", "of the shop");
        MarinaUnderTest.write(base, "files/x.txt", "x");
        try (MarinaUnderTest marina = MarinaUnderTest.start(
                base,
                """
                error_pages: { 502: public/all.html, 404: public/all.html }
                contexts:
                  /shop: { upstream: "http://127.0.0.1:1", error_pages: { 5xx: public/shop.html } }
                  /other: { upstream: "http://127.0.0.1:1" }
                  /files: { files: files, error_pages: { 404: public/shop.html } }
                """)) {
            assertThat(RawClient.get(marina.uri(""), "/shop/x"))
                    .contains(" 502 ")
                    .endsWith("of the shop");
            assertThat(RawClient.get(marina.uri(""), "/other/x"))
                    .contains(" 502 ")
                    .endsWith("of all");
            assertThat(RawClient.get(marina.uri(""), "/files/none"))
                    .contains(" 404 ")
                    .endsWith("of the shop");
            assertThat(RawClient.get(marina.uri(""), "/none")).contains(" 404 ").endsWith("of all");
        }
    }

    @Test
    void theBuiltInPagesComeAsHtmlJsonOrText() {
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            assertThat(RawClient.get(marina.uri(""), "/none", "Accept: text/html,*/*"))
                    .contains("<h1>Not found</h1>");
            assertThat(RawClient.get(marina.uri(""), "/none", "Accept: text/plain"))
                    .contains("text/plain")
                    .endsWith("404 Not found\nThere is nothing at this address.\n");
            assertThat(RawClient.exchange(marina.uri(""), "NONSENSE\r\n\r\n"))
                    .contains(" 400 ")
                    .doesNotContainIgnoringCase("jetty")
                    .doesNotContain("Exception", "Server:");
        }
    }
}
