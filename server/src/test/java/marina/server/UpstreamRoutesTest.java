package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another server is asked for, when a route sends requests there. */
@SuppressWarnings("NullAway.Init")
class UpstreamRoutesTest {
    @TempDir
    private static Path base;

    private static HeadEcho backend;
    private static MarinaUnderTest marina;
    private static URI server;

    @BeforeAll
    static void start() throws IOException {
        backend = new HeadEcho("away");
        marina = MarinaUnderTest.start(
                base,
                """
                limits: { max_body: 1K }
                routes:
                  - { match: "^/before/(.*)$", rewrite: "/f-$1" }
                  - match: "^/api/(.*)$"
                    upstream: "URL/v1/$1"
                    request_headers: { X-Host: "${host}", X-Client: "${remote_addr}, ${scheme}", Cookie: "", X-Own: mine }
                    response_headers: { X-A: b, Content-Type: text/x-own, X-Host: "${host}" }
                  - { match: "^/q/([^/]*)/(.*)$", upstream: "URL/find?what=$1&in=$2" }
                  - { match: "^/f-(.*)$", upstream: "URL/base/$1" }
                  - { match: "^/joined(.*)$", upstream: "URL/$1" }
                  - { match: "^/archive/(.*)$", upstream: "URL/http://$1" }
                  - { match: "^/same/", upstream: "URL" }
                  - { match: "^/post$", methods: [POST], upstream: "URL/posted" }
                  - { match: "^/host$", upstream: "URL/", request_headers: { Host: api.example.com } }
                contexts: {}
                """
                        .replace("URL", backend.url()));
        server = marina.uri("");
    }

    @AfterAll
    static void stop() {
        marina.close();
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/, /v1/",
        "/api/a/b, /v1/a/b",
        "/api/a/b/, /v1/a/b/",
        "/api/a?x=1&y=%26%20z, /v1/a?x=1&y=%26%20z",
        "/api/a%20b%3Fc%23d?x, /v1/a%20b%3Fc%23d?x",
        "/api/%C3%BC, /v1/%C3%BC",
        "/api/a%2Fb, /v1/a%2Fb",
        "/api/100%25, /v1/100%25",
        "/api/%61;v=1/b, /v1/a/b",
        "/api/@evil.example:80/, /v1/@evil.example:80/",
        "/api/x%3A%2F%2Fevil.example/, /v1/x:%2F%2Fevil.example/",
        "/api//evil.example//x, /v1/evil.example/x",
        "/api/a|b{c}, /v1/a%7Cb%7Bc%7D",
        "/q/a%26b=c+d/e%3Ff%23?z=1, /find?what=a%26b%3Dc%2Bd&in=e%3Ff%23&z=1",
        "/q/100%25/x%2Fy, /find?what=100%25&in=x/y",
        "/joined/a, /a",
        "/joined@evil.example, /@evil.example",
        "/archive/a/b, /http://a/b",
        "/same/%61;v=1//x?y, /same/%61;v=1//x?y",
        "/before/a%3Fb?c, /base/a%3Fb?c",
    })
    void theUpstreamIsAskedForWhatTheRouteSays(String target, String asked) {
        assertThat(RawClient.get(server, target)).contains("\r\n\r\naway\nGET " + asked + " HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/f-../x",
                "/f-..",
                "/f-.",
                "/f-%2e%2e/x",
                "/f-..%2Fx",
                "/f-..%3Bx/y",
                "/f-%252e%252e/x",
                "/f-%252e%252e%252fx",
                "/before/../x",
                "/before/..%2Fx",
                "/api/..%2F..%2Fx",
                "/api/%00",
                "/api/a%0d%0aX-B:c",
                "/api/a%5Cb",
            })
    void nothingLeadsOutOfTheFolderThatTheRouteNames(String target) {
        int before = backend.heads().size();
        String answer = RawClient.get(server, target);

        assertThat(RawClient.status(answer)).isIn(400, 404);
        assertThat(backend.heads()).hasSize(before);
    }

    @Test
    void aRouteThatIsLeftByDotSegmentsIsNotTaken() {
        int before = backend.heads().size();

        assertThat(RawClient.status(RawClient.get(server, "/api/../secret"))).isEqualTo(404);
        assertThat(backend.heads()).hasSize(before);
    }

    @Test
    void fieldsOfTheRequestAreSetAndTakenOut() {
        String answer = RawClient.get(server, "/api/x", "Cookie: a=b", "X-Own: yours", "x-own: again", "X-Host: evil");

        assertThat(answer)
                .contains("\r\nHost: shop\r\n", "\r\nX-Host: shop\r\n", "\r\nX-Client: 127.0.0.1, http\r\n")
                .contains("\r\nX-Own: mine\r\n", "\r\nX-Forwarded-Host: shop\r\n")
                .doesNotContain("Cookie", "yours", "again", "evil");
    }

    @Test
    void theHostIsTheClientsUnlessTheRouteNamesAnother() {
        assertThat(RawClient.get(server, "/host"))
                .contains("\r\nHost: api.example.com\r\n", "\r\nX-Forwarded-Host: shop\r\n")
                .doesNotContain("Host: shop\r\nHost");
    }

    @Test
    void fieldsOfTheAnswerReplaceThoseOfTheUpstream() {
        assertThat(RawClient.get(server, "/api/x"))
                .contains("\r\nX-A: b\r\n", "\r\nContent-Type: text/x-own\r\n", "\r\nX-Host: shop\r\n")
                .doesNotContain("text/plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "DELETE", "PROPFIND"})
    void everyMethodGoesToTheUpstream(String method) {
        assertThat(RawClient.exchange(server, method, "/api/x"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\nX-A: b\r\n", "away\n" + method + " /v1/x HTTP/1.1\r\n");
    }

    @Test
    void aRouteForOtherMethodsIsPassedOver() {
        assertThat(RawClient.status(server, "GET", "/post")).isEqualTo(404);
        assertThat(RawClient.status(server, "POST", "/post", "Content-Length: 0"))
                .isEqualTo(200);
    }

    @Test
    void aBodyIsNoLongerThanTheServerTakes() {
        int before = backend.heads().size();
        String chunked =
                "POST /api/x HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n"
                        + "a".repeat(0x800) + "\r\n0\r\n\r\n";

        assertThat(RawClient.status(server, "POST", "/api/x", "Content-Length: 2000", "Expect: 100-continue"))
                .isEqualTo(413);
        assertThat(backend.heads()).hasSize(before);
        assertThat(RawClient.status(RawClient.exchange(server, chunked))).isIn(200, 413);
    }

    @ParameterizedTest
    @CsvSource({"'a b', 400", "'a/b', 400", "'a,b', 400", "'<b>', 400", "'shop\r\n X-B: c', 400"})
    void aHostThatIsNoneReachesNobody(String host, int status) {
        int before = backend.heads().size();
        String answer =
                RawClient.exchange(server, "GET /api/x HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(RawClient.status(answer)).isEqualTo(status);
        assertThat(backend.heads()).hasSize(before);
    }
}
