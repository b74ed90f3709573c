package marina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page of another site cannot use the password that a browser remembers, over plain HTTP neither; scripts go on as they did. */
class ForgedRequestTest {
    private static final String STOP = "/manager/text/stop?path=/a";
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    @TempDir
    Path base;

    private AdminBed bed;

    @BeforeEach
    void start() {
        bed = new AdminBed(base, "contexts: { /a: { files: conf } }\n");
    }

    @AfterEach
    void stop() {
        bed.close();
    }

    private HttpResponse<String> ask(String method, String path, String... fields) {
        List<String> all = new ArrayList<>(List.of(fields));
        all.addAll(List.of("Authorization", AdminBed.basic("sam", AdminBed.PASSWORD)));
        return bed.send(method, path, "", all.toArray(String[]::new));
    }

    private String own() {
        return "http://" + bed.uri("/").getAuthority();
    }

    @Test
    void theOriginOfAnotherPageIsRefused() {
        for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:1", own() + ".evil.example")) {
            assertThat(ask("POST", "/api/v1/reload", "Origin", origin).statusCode())
                    .isEqualTo(403);
            assertThat(ask("GET", STOP, "Origin", origin).statusCode()).isEqualTo(403);
        }
        assertThat(ask("POST", "/api/v1/reload", "Origin", own()).statusCode()).isEqualTo(200);
    }

    @Test
    void aLinkOfAnotherPageIsRefused() {
        for (String page : List.of("http://evil.example/a,b?c=" + own(), "http://127.0.0.1:1/")) {
            assertThat(ask("GET", STOP, "Referer", page).statusCode()).isEqualTo(403);
            assertThat(ask("POST", "/api/v1/reload", "Referer", page).statusCode())
                    .isEqualTo(403);
            assertThat(ask("GET", "/manager/jmxproxy?invoke=java.lang:type=Memory&op=gc", "Referer", page)
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(bed.marina().get("/a/users.yml").statusCode()).isEqualTo(200);
        assertThat(ask(
                                "GET",
                                STOP,
                                "Referer",
                                own() + "/manager/text/list",
                                "User-Agent",
                                BROWSER,
                                "Accept-Language",
                                "en")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aLinkThatHidesItsPageChangesNothing() {
        String[] hidden = {"User-Agent", BROWSER, "Accept-Language", "en-US,en;q=0.5"};
        assertThat(ask("GET", STOP, hidden).statusCode()).isEqualTo(403);
        assertThat(ask("GET", "/manager/jmxproxy?set=java.lang:type=Memory&att=Verbose&val=true", hidden)
                        .statusCode())
                .isEqualTo(403);
        assertThat(ask("GET", "/manager/text/list", hidden).body()).startsWith("OK - Listed");
        assertThat(ask("GET", "/manager/jmxproxy?get=java.lang:type=Memory&att=Verbose", hidden)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void scriptsNeedNoneOfThis() {
        assertThat(ask("GET", STOP, "User-Agent", "curl/8.5.0").body()).startsWith("OK - ");
        assertThat(ask(
                                "GET",
                                "/manager/text/start?path=/a",
                                "User-Agent",
                                "Mozilla/5.0 (Windows NT 10.0) WindowsPowerShell/5.1")
                        .body())
                .startsWith("OK - ");
        assertThat(ask("POST", "/api/v1/reload", "User-Agent", "Apache Tomcat Maven Plugin/2.2")
                        .statusCode())
                .isEqualTo(200);
    }
}
