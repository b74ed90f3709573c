package marina.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Worker passes on reaches the right place as the client has sent it. */
@SuppressWarnings("NullAway.Init")
class WorkerRequestsTest {
    private static final String PASSWORD = "Basic c2FtOnRlc3Q="; // sam:test
    private static final String YAML =
            """
            auth: { htpasswd: conf/htpasswd, realm: 'Staff "A"', public: ["/open/", "/exact", "^/20\\\\d\\\\d/[a-z]+/?$"] }
            bots: reject
            contexts:
              /: { upstream: "ECHO" }
              /open: { upstream: "ECHO/open/", region: syd }
              /shop: { upstream: "ECHO/shop/", regions: [ewr, syd], primary: syd }
              /mine: { upstream: "ECHO/mine/", machine: 683d314fdd4d68, auth: false }
              /near: { upstream: "ECHO/near/", machine: 683d314fdd4d68, region: iad, auth: false, bots: allow }
              /redirects: { command: [node, "APPS/edge.js"], auth: false, bots: allow }
              /socket: { command: [node, "APPS/app.js"], auth: false }
            """
                    .replace(
                            "APPS",
                            Path.of("src/test/resources/apps").toAbsolutePath().toString());

    @TempDir
    private static Path base;

    private static EdgeBed bed;

    @BeforeAll
    static void start() {
        MarinaUnderTest.write(base, "conf/htpasswd", "sam:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=");
        bed = new EdgeBed(base, YAML);
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void aPasswordIsAskedForBeforeAnybodyIsWoken() {
        int before = bed.heads().size();
        HttpResponse<String> challenge = bed.ask("GET", "/shop/cart");

        assertThat(challenge.statusCode()).isEqualTo(401);
        assertThat(challenge.headers().firstValue("WWW-Authenticate"))
                .isEqualTo(bed.askMarina("GET", "/shop/cart").headers().firstValue("WWW-Authenticate"))
                .contains("Basic realm=\"Staff \\\"A\\\"\", charset=\"UTF-8\"");
        assertThat(challenge.headers().firstValue("X-Request-Id")).isEmpty();
        assertThat(bed.ask("GET", "/shop/cart", "Authorization", "Bearer x").statusCode())
                .isEqualTo(401);
        assertThat(bed.heads()).hasSize(before);
    }

    @Test
    void onlyMarinaSaysWhetherAPasswordIsRight() {
        assertThat(bed.ask("GET", "/shop/cart", "Authorization", PASSWORD).statusCode())
                .isEqualTo(200);
        HttpResponse<String> wrong = bed.ask("GET", "/shop/cart", "Authorization", "Basic c2FtOndyb25n");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("X-Request-Id")).isPresent();
    }

    @Test
    void whatIsPublicPasses() {
        assertThat(bed.ask("GET", "/open/x").statusCode()).isEqualTo(200);
        assertThat(bed.ask("POST", "/open/x").statusCode()).isEqualTo(200);
        assertThat(bed.ask("GET", "/exact").statusCode()).isEqualTo(200);
        assertThat(bed.ask("GET", "/exact/more").statusCode()).isEqualTo(401);
        assertThat(bed.ask("GET", "/2025/boston/").statusCode()).isEqualTo(200);
        assertThat(bed.ask("GET", "/2025/boston/1").statusCode()).isEqualTo(401);
        assertThat(bed.ask("GET", "/up").body()).isEqualTo("OK");
    }

    @Test
    void thePlaceIsNamedAndNobodyElseCanNameIt() {
        assertThat(field("GET", "/open/x", "fly-prefer-region")).isEqualTo("syd");
        assertThat(field("GET", "/shop/x", "fly-prefer-region")).isEqualTo("ewr,syd");
        assertThat(field("POST", "/shop/x", "fly-prefer-region")).isEqualTo("syd");
        assertThat(field("GET", "/mine/x", "fly-force-instance-id")).isEqualTo("683d314fdd4d68");
        assertThat(field("GET", "/near/x", "fly-prefer-instance-id")).isEqualTo("683d314fdd4d68");
        assertThat(field("GET", "/near/x", "fly-prefer-region")).isEqualTo("iad");
        String nowhere = bed.ask(
                        "GET", "/x", "Authorization", PASSWORD, "Fly-Force-Instance-Id", "1", "Fly-Prefer-Region", "a")
                .body();
        assertThat(nowhere).doesNotContainIgnoringCase("fly-");
    }

    @Test
    void hostQueryPathAndBodyAreTheClients() {
        String head = bed.ask("POST", "/open/a%20b%2Fc;v=1?q=%2B+x&&y", "Cookie", "a=b; c=d")
                .body();

        assertThat(head).startsWith("echo\nPOST /open/a%20b%2Fc;v=1?q=%2B+x&&y HTTP/1.1");
        assertThat(head).containsIgnoringCase("\r\nHost: " + bed.worker().authority() + "\r\n");
        assertThat(head).containsIgnoringCase("\r\nX-Forwarded-Proto: http\r\n");
        assertThat(head).containsIgnoringCase("\r\nCookie: a=b; c=d\r\n");
        assertThat(head).containsIgnoringCase("marina-edge");
        assertThat(bed.ask("POST", "/socket/upload").body()).isEqualTo("10");
    }

    @Test
    void aRedirectDoesNotNameTheServerBehind() {
        String origin = bed.marina().uri("/").getAuthority();
        assertThat(location("/redirects/to?http://" + origin + "/x?y"))
                .isEqualTo("http://" + bed.worker().authority() + "/x?y");
        assertThat(location("/redirects/to?http://elsewhere.example/x")).isEqualTo("http://elsewhere.example/x");
        assertThat(location("/redirects/to?/path")).isEqualTo("/path");
    }

    @Test
    void webSocketsPass() {
        String answer = RawClient.exchange(
                bed.worker().uri("/"),
                """
                GET /redirects/live HTTP/1.1
                Host: a
                Connection: Upgrade
                Upgrade: websocket
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """
                        .replace("\n", "\r\n"));

        assertThat(answer)
                .startsWith("HTTP/1.1 101")
                .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "hello of /redirects/live");
    }

    @Test
    void aLoopEnds() {
        assertThat(bed.ask("GET", "/open/x", "Via", "1.1 marina-edge").statusCode())
                .isEqualTo(508);
        assertThat(bed.ask("GET", "/open/x", "Via", "1.1 other").statusCode()).isEqualTo(200);
    }

    @Test
    void crawlersWakeNobody() {
        int before = bed.heads().size();
        assertThat(bed.ask("GET", "/open/x", "User-Agent", "Googlebot/2.1").statusCode())
                .isEqualTo(403);
        assertThat(bed.heads()).hasSize(before);
        assertThat(bed.ask("GET", "/open/x", "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0")
                        .statusCode())
                .isEqualTo(200);
        assertThat(bed.ask("GET", "/near/x", "User-Agent", "Googlebot/2.1").statusCode())
                .isEqualTo(200);
    }

    private static String location(String path) {
        return bed.ask("GET", path).headers().firstValue("Location").orElse("none");
    }

    private static String field(String method, String path, String name) {
        String head = bed.ask(method, path, "Authorization", PASSWORD).body();
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2).strip())
                .findFirst()
                .orElse("none in " + head);
    }
}
