package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Queue;
import marina.testing.ClientLoad;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: what its server lacks of HTTP, and how it bears many requests. */
class HttpTest {
    private static final String TEXT = "<p>" + "a long text ".repeat(500) + "</p>";

    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        marina = new NavigatorBed(base)
                .file("public/page.html", TEXT)
                .navigator("server: {listen: LISTEN, static: {public_dir: public}}\napplications:\n" + NavigatorBed.NODE
                        + "  tenants: [{path: /one/, framework: node}, {path: /two/, framework: node}]\n")
                .start();
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
        assertThat(marina.get("/two/x").statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @Test
    void filesAreCompressedAndHaveATag() {
        // There neither.
        HttpResponse<String> answer = marina.get("/page.html", "Accept-Encoding", "gzip");
        assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(answer.body().length()).isLessThan(TEXT.length() / 2);
        String tag = answer.headers().firstValue("etag").orElse("");
        assertThat(marina.get("/page.html", "Accept-Encoding", "gzip", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(marina.get("/page.html").body()).isEqualTo(TEXT);
    }

    @Test
    void filesAreForReading() {
        for (String method : new String[] {"POST", "PUT", "DELETE"}) {
            assertThat(RawClient.status(marina.uri("/"), method, "/page.html", "Content-Length: 0"))
                    .as(method)
                    .isIn(404, 405);
        }
    }

    @Test
    void whatFollowsAHashIsRefusedOrPassedOver() {
        assertThat(RawClient.status(marina.uri("/"), "GET", "/one/x#fragment")).isIn(200, 400);
        assertThat(RawClient.status(marina.uri("/"), "GET", "/one/x?a=b#c")).isIn(200, 400);
    }

    @Test
    void clientsThatGoOnAndOnAreAllAnsweredSoon() throws Exception {
        ClientLoad one = ClientLoad.on(marina, "/one/x", 20);
        ClientLoad file = ClientLoad.on(marina, "/page.html", 20);
        long slowest = 0;
        for (int i = 0; i < 200; i++) {
            long begin = System.nanoTime();
            assertThat(marina.get("/two/" + i).statusCode()).isEqualTo(200);
            slowest = Math.max(slowest, System.nanoTime() - begin);
        }
        Queue<String> bad = one.stop();
        assertThat(bad).isEmpty();
        assertThat(file.stop()).isEmpty();
        assertThat(one.answered()).isGreaterThan(200);
        assertThat(slowest).isLessThan(5_000_000_000L);
    }
}
