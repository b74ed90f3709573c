package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file for Navigator: requests for other places are sent there by Fly's proxy, and by nobody to a tenant here. */
class ReplayTest {
    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        marina = new NavigatorBed(base)
                .file("public/503.html", "the page of the application")
                .navigator(
                        """
                        server: {listen: LISTEN}
                        maintenance: {page: /503.html}
                        routes:
                          fly:
                            replay:
                              - {path: '^/showcase/.+\\.pdf$', app: smooth-pdf, status: 302}
                              - {path: '^/showcase/2025/coquitlam/.+$', region: sjc, status: 307}
                              - {path: '^/showcase/(?:2024)/(?:boston)(?:/.*)?$', region: ewr, status: invalid}
                              - {path: '^/machine/', app: smooth, machine: 148e21}
                              - {path: '^/other-machine/', app: other, machine: 148e22}
                              - {path: '^/read/', region: syd, methods: [GET, HEAD]}
                        applications:
                        """
                                + NavigatorBed.NODE
                                + "  tenants: [{path: /, framework: node}]\n")
                .startOnFly();
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    @Test
    void aRegionIsNamedExactly() {
        HttpResponse<String> answer = marina.get("/showcase/2025/coquitlam/medal-ball/");
        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("content-type")).contains("application/vnd.fly.replay+json");
        assertThat(answer.body()).contains("\"region\":\"sjc\"").contains("\"fallback\":\"force_self\"");
        assertThat(marina.get("/showcase/2024/boston").body()).contains("\"region\":\"ewr\"");
        assertThat(marina.get("/showcase/2024/elsewhere/").body()).contains("\"path\"");
    }

    @Test
    void anAppAndAMachineAreNamed() {
        assertThat(marina.get("/showcase/documents/report.pdf").body()).contains("\"app\":\"smooth-pdf\"");
        // There a rule with machine and app is one for the app alone.
        assertThat(marina.get("/machine/x").body()).contains("148e21");
    }

    @Test
    void whatCannotBeReachedComesBackAfterAColdStartsTime() {
        // There another app gets neither: its 30 seconds were less than the cold start of what makes PDFs.
        for (String path :
                new String[] {"/showcase/2025/coquitlam/x", "/machine/x", "/other-machine/x", "/showcase/a.pdf"}) {
            assertThat(marina.get(path).body()).as(path).contains("\"fallback\":\"force_self\"", "\"timeout\":\"60s\"");
        }
    }

    @Test
    void credentialsGoAlongInTheRequestItself() {
        // There they are copied into the answer, for Fly's proxy to set them; it keeps the fields of the request
        // anyway.
        String answer = marina.get("/showcase/2025/coquitlam/x", "Authorization", "Basic c2FtOnRlc3Q=")
                .body();
        assertThat(answer).doesNotContain("c2FtOnRlc3Q=").doesNotContain("set_headers");
    }

    @Test
    void requestsWithoutABodyAreReplayedWhateverTheirMethod() {
        for (String method : new String[] {"HEAD", "OPTIONS", "DELETE"}) {
            assertThat(RawClient.exchange(marina.uri("/"), method, "/showcase/2025/coquitlam/x"))
                    .as(method)
                    .startsWith("HTTP/1.1 307")
                    .contains("application/vnd.fly.replay+json");
        }
    }

    @Test
    void aClientCannotMakeUpThatARequestCameBack() {
        // There any client gets the maintenance page with this field.
        assertThat(marina.get("/showcase/2025/coquitlam/x", "X-Navigator-Retry", "true")
                        .body())
                .contains("\"region\":\"sjc\"");
    }

    @Test
    void aRuleMayBeForSomeMethods() {
        assertThat(marina.get("/read/x").body()).contains("\"region\":\"syd\"");
        assertThat(marina.post("/read/x", "a").body()).contains("\"method\":\"POST\"");
    }

    @Test
    void aRequestThatCameBackGetsTheMaintenancePage() {
        HttpResponse<String> answer =
                marina.get("/showcase/2025/coquitlam/medal-ball/", "fly-replay-failed", "connection_timeout");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("the page of the application");
    }

    @Test
    void bodiesOfKnownLengthGoAlong() {
        assertThat(marina.post("/showcase/2025/coquitlam/x", "a=b").body()).contains("\"region\":\"sjc\"");
    }

    @Test
    void aBodyTooLargeForAReplayReachesNoTenantHere() {
        // There such a request is answered by the tenant at /, with another place's data.
        String head = "POST /showcase/2025/coquitlam/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        String large =
                RawClient.exchange(marina.uri("/"), head + "Content-Length: 1048576\r\n\r\n" + "x".repeat(1_048_576));
        assertThat(large).doesNotContain("\"bytes\"");
        assertThat(RawClient.status(large)).isGreaterThanOrEqualTo(500);
        String unknown =
                RawClient.exchange(marina.uri("/"), head + "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n");
        assertThat(unknown).doesNotContain("\"bytes\"");
    }
}
