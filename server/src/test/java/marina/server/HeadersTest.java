package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

/** Fields that the operator sets or takes out, in answers of every kind and in what backends get. */
@SuppressWarnings("NullAway.Init")
class HeadersTest {
    private static final String SERVER =
            """
            headers:
              request: { X-Server: all, X-Own: server }
              response: { X-Frame-Options: DENY, X-Client: "${remote_addr} ${host} ${scheme}", Cache-Control: no-cache, ETag: "" }
            """;

    @TempDir
    private static Path base;

    private static HeadEcho backend;
    private static MarinaUnderTest marina;
    private static URI server;

    @BeforeAll
    static void start() throws IOException {
        backend = new HeadEcho("away");
        MarinaUnderTest.write(base, "site/a.txt", "a file");
        MarinaUnderTest.write(base, "webapps/app/page.txt", "a page");
        MarinaUnderTest.write(base, "webapps/app/WEB-INF/web.xml", "<web-app version=\"6.0\"/>");
        Path apps = Path.of("target", "test-classes", "apps").toAbsolutePath();
        marina = MarinaUnderTest.start(
                base,
                SERVER
                        + """
                        public: { directory: site }
                        defaults:
                          page_after: 60s
                          headers: { request: { X-From: defaults, X-Own: defaults }, response: { X-Kind: any } }
                        routes:
                          - { match: "^/old$", redirect: /new }
                          - match: "^/route/(.*)$"
                            upstream: "URL/$1"
                            request_headers: { X-Own: route }
                            response_headers: { X-Frame-Options: SAMEORIGIN }
                        contexts:
                          /up: { upstream: "URL", headers: { request: { X-Own: "${path}", X-Forwarded-For: "" }, response: { X-Frame-Options: "", X-Kind: up } } }
                          /plain: { upstream: "URL", headers: { response: { Content-Type: "text/own" } } }
                          /app: { war: app, ee: 10 }
                          /files: { files: site, headers: { response: { X-Kind: files } } }
                          /node: { command: [node, app.js], directory: "APPS" }
                        """
                                .replace("URL", backend.url())
                                .replace("APPS", apps.toString()));
        server = marina.uri("");
    }

    @AfterAll
    static void stop() {
        marina.close();
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/up, 200",
        "/plain/x, 200",
        "/app/page.txt, 200",
        "/app/nothing, 404",
        "/app, 302",
        "/files/a.txt, 200",
        "/files/nothing, 404",
        "/node/x, 200",
        "/a.txt, 200",
        "/nothing, 404",
        "/old, 302",
        "/a%00b, 400",
        "/%zz, 400",
    })
    void everyAnswerHasTheFieldsOfTheServer(String path, int status) {
        String answer = RawClient.get(server, path);

        assertThat(RawClient.status(answer)).isEqualTo(status);
        assertThat(answer).contains("\r\nX-Frame-Options: DENY\r\n").doesNotContain("\r\nETag:");
        assertThat(answer.split("\r\nCache-Control: ", -1)).hasSize(2);
        assertThat(answer).contains("\r\nCache-Control: no-cache\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\nHost : shop\r\n\r\n",
                "GET /x HTTP/1.1\r\n\r\n",
                "TRACE /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            })
    void soHaveRefusals(String request) {
        assertThat(RawClient.exchange(server, request))
                .startsWith("HTTP/1.1 4")
                .contains("\r\nX-Frame-Options: DENY\r\n");
    }

    @Test
    void namesStandForTheClient() {
        assertThat(RawClient.get(server, "/nothing")).contains("\r\nX-Client: 127.0.0.1 shop http\r\n");
    }

    @Test
    void aContextSetsItsOwnOverThoseOfTheServer() {
        assertThat(RawClient.get(server, "/up/x"))
                .contains("\r\nX-Kind: up\r\n")
                .doesNotContain("X-Frame-Options");
        assertThat(RawClient.get(server, "/files/nothing")).contains("\r\nX-Kind: files\r\n", "404");
        assertThat(RawClient.get(server, "/plain/x"))
                .contains("\r\nX-Kind: any\r\n", "\r\nContent-Type: text/own\r\n")
                .doesNotContain("text/plain");
        assertThat(RawClient.get(server, "/nothing")).doesNotContain("X-Kind");
    }

    @Test
    void aRouteSetsItsOwnOverThoseOfTheServer() {
        assertThat(RawClient.get(server, "/route/x", "X-Own: client"))
                .contains("\r\nX-Frame-Options: SAMEORIGIN\r\n", "\r\nX-Own: route\r\n", "\r\nX-Server: all\r\n")
                .doesNotContain("DENY", "client");
    }

    @Test
    void backendsGetTheFieldsOfServerAndContext() {
        assertThat(RawClient.get(server, "/up/x", "X-Own: client", "x-server: client"))
                .contains("\r\nX-Server: all\r\n", "\r\nX-From: defaults\r\n", "\r\nX-Own: /up\r\n")
                .contains("\r\nForwarded: for=127.0.0.1")
                .doesNotContain("client", "X-Forwarded-For");
        assertThat(marina.get("/node/x").body())
                .contains("\"x-server\":\"all\"", "\"x-from\":\"defaults\"", "\"x-own\":\"defaults\"");
    }

    @Test
    void http2HasThemToo() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(marina.uri("/route/x?y")).build(), BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.headers().allValues("X-Frame-Options")).containsExactly("SAMEORIGIN");
            assertThat(answer.headers().firstValue("X-Client"))
                    .hasValue("127.0.0.1 127.0.0.1:" + server.getPort() + " http");
            assertThat(answer.body())
                    .startsWith("away\nGET /x?y HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort() + "\r\n");
        }
    }

    @Test
    void keepAliveConnectionsKeepTheExchangesApart() {
        try (RawClient client = new RawClient(server)) {
            String get = " HTTP/1.1\r\nHost: shop\r\n\r\n";
            assertThat(client.send("GET /route/x" + get).answer()).contains("X-Frame-Options: SAMEORIGIN");
            assertThat(client.send("GET /up/x" + get).answer()).doesNotContain("X-Frame-Options");
            assertThat(client.send("GET /nothing" + get).answer())
                    .contains("X-Frame-Options: DENY")
                    .doesNotContain("X-Kind");
        }
    }

    @Test
    void aReloadChangesThem(@TempDir Path other) {
        try (MarinaUnderTest changing = MarinaUnderTest.start(other, SERVER)) {
            assertThat(RawClient.get(changing.uri(""), "/x")).contains("X-Frame-Options: DENY");
            changing.reload("headers: { response: { X-B: c } }\n");
            assertThat(RawClient.get(changing.uri(""), "/x")).contains("X-B: c").doesNotContain("X-Frame-Options");
            changing.reload("");
            assertThat(RawClient.get(changing.uri(""), "/x")).doesNotContain("X-B");
        }
    }
}
