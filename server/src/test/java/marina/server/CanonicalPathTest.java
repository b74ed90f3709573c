package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
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

/** The choice of the context and the backend agree on what a request asks for, however it is spelt. */
@SuppressWarnings("NullAway.Init")
class CanonicalPathTest {
    @TempDir
    private static Path base;

    private static HeadEcho sam;
    private static HeadEcho sally;
    private static HeadEcho root;
    private static MarinaUnderTest marina;
    private static URI server;

    @BeforeAll
    static void start() throws Exception {
        sam = new HeadEcho("sam");
        sally = new HeadEcho("sally");
        root = new HeadEcho("root");
        MarinaUnderTest.write(base, "site/a.txt", "a file");
        marina = MarinaUnderTest.start(
                base,
                """
                contexts:
                  /: { upstream: "%s" }
                  /sam/list1: { upstream: "%s" }
                  /sally/list1: { upstream: "%s" }
                  /stripped: { upstream: "%s/" }
                  /files: { files: site }
                """
                        .formatted(root.url(), sam.url(), sally.url(), sally.url()));
        server = marina.uri("");
    }

    @AfterAll
    static void stop() {
        marina.close();
        sam.close();
        sally.close();
        root.close();
    }

    @ParameterizedTest
    @CsvSource({
        // target, who answers, what the backend sees
        "/sam/list1/x, sam, /sam/list1/x",
        "/sam/list1/../../sally/list1/x, sally, /sally/list1/x",
        "/sam/./list1/x, sam, /sam/list1/x",
        "/s%61m/list1/x, sam, /s%61m/list1/x",
        "/sam//list1/x, sam, /sam//list1/x",
        "//sam/list1/x, sam, /sam/list1/x",
        "/sam/list1//https://h/x, sam, /sam/list1//https://h/x",
        "/stripped//evil/x, sally, /evil/x",
        "/stripped/a//b, sally, /a//b",
        "/sam;v=1/list1/x, sam, /sam;v=1/list1/x",
        "/sam/list1/;jsessionid=1, sam, /sam/list1/;jsessionid=1",
        "/sam/list1/a;//x, sam, /sam/list1/a;//x",
        "/sam/list12/x, root, /sam/list12/x",
        "/sam%2Flist1/x, root, /sam%2Flist1/x",
        "/sam/list1/a%2Fb, sam, /sam/list1/a%2Fb",
        "/sam/list1/a%252Fb, sam, /sam/list1/a%252Fb",
        "/sam/list1/100%25, sam, /sam/list1/100%25",
        "/sam/list1/..., sam, /sam/list1/...",
        "/sam/list1/.well-known/x, sam, /sam/list1/.well-known/x",
        "/sam/list1/a|b{c}, sam, /sam/list1/a|b{c}",
        "/x/../sam/list1/a%3Fb%20c, sam, /sam/list1/a%3Fb%20c",
        "/x/../sam/list1/a%2Fb%25%3B, sam, /sam/list1/a%2Fb%25%3B",
        "http://shop/sam/list1/x, sam, /sam/list1/x",
        "https://shop/sam/list1/x, sam, /sam/list1/x",
        "/sam/list1/x?a=/../%2e%2e/, sam, /sam/list1/x?a=/../%2e%2e/",
    })
    void readsAPathInOneWay(String target, String name, String seen) {
        String answer = RawClient.get(server, target);

        assertThat(answer).contains("\r\n\r\n" + name + "\nGET " + seen + " HTTP/1.1\r\n");
        assertThat(answer).contains("X-Forwarded-Proto: http\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../x",
                "/sam/list1/../../../x",
                "/sam/list1/%2e%2e/x",
                "/sam/list1/.%2E/x",
                "/sam/list1/..;/x",
                "/sam/list1/..;a=b/x",
                "/sam/list1;x/../../x",
                "/sam/list1/..%3Bx/x",
                "/sam/list1/..%2F..%2Fx",
                "/sam/list1/%2e%2e%2fx",
                "/sam/list1/%252e%252e/x",
                "/sam/list1/%25252e%25252e%25252fx",
                "/sam/list1/..%5C..%5Cx",
                "/sam/list1/..%255Cx",
                "/sam/list1/a%5Cb",
                "/sam/list1/a\\b",
                "/sam/list1//../x",
                "/;/sam/list1/x",
                "/sam/list1/a%00b",
                "/sam/list1/a%2500b",
                "/sam/list1/a%0d%0ab",
                "/sam/list1/a%01b",
                "/sam/list1/a\u0000b",
                "/sam/list1/a\u0001b",
                "/sam/list1/a\u007fb",
                "/sam/list1/a\tb",
                "/sam/list1/%c0%ae%c0%ae/x",
                "/sam/list1/%ff",
                "/sam/list1/%E2%82",
                "/sam/list1/\u00ff",
                "/sam/list1/%",
                "/sam/list1/%zz",
                "/sam/list1/%u002e%u002e/x",
                "/sam/list1/x#fragment",
                "/sam/list1/x?q#fragment",
                "sam/list1/x",
                "?x",
                "http://shop@evil/x",
                "http://u:p@shop/x",
                "http://evil/x",
                "http:///x",
                "http://shop:99999/x",
                "javascript:x",
                "*",
                "shop:80",
            })
    void refusesWhatCouldBeReadInTwoWays(String target) {
        int before = all().size();

        String answer = RawClient.get(server, target);

        assertThat(RawClient.status(answer)).isEqualTo(400);
        assertThat(all()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: user@shop",
                "Host: shop:99999",
                "Host: shop:x",
                "Host: shop:-1",
                "Host: shop/x",
                "Host: shop x",
                "Host: shop\\x",
                "Host: <shop>",
                "Host: shop?x",
                "Host: shop,evil",
                "Host: [::1",
                "Host: [::1]x",
                "Host: shop\r\nHost: shop",
                "Host: shop\r\nHost: evil",
                "Host: shop\r\nhost: shop",
                "Host:",
                "X: no host",
                "Host : shop",
            })
    void refusesAnAuthorityWithATrick(String fields) {
        String answer = RawClient.exchange(server, "GET / HTTP/1.1\r\n" + fields + "\r\nConnection: close\r\n\r\n");

        assertThat(RawClient.status(answer)).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "shop:8080",
                "shop.example.com",
                "my_shop",
                "127.0.0.1:80",
                "[::1]:8080",
                "xn--bcher-kva.example"
            })
    void takesTheAuthoritiesThatThereAre(String host) {
        String answer = RawClient.exchange(server, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).contains("\r\nX-Forwarded-Host: " + host + "\r\n");
    }

    @Test
    void anOverlongTargetIsRefusedBeforeItIsRead() {
        assertThat(RawClient.status(RawClient.get(server, "/" + "x".repeat(20_000))))
                .isEqualTo(414);
    }

    @Test
    void anOverlongNameIsNoFile() {
        assertThat(RawClient.status(RawClient.get(server, "/files/" + "x".repeat(4_000))))
                .isEqualTo(404);
        assertThat(RawClient.get(server, "/files//a.txt")).endsWith("a file");
        assertThat(RawClient.status(RawClient.get(server, "/files/a.txt%2F"))).isIn(400, 404);
        assertThat(RawClient.status(RawClient.get(server, "/files/a.txt/"))).isEqualTo(404);
    }

    @Test
    void theAsteriskAndConnectReachNoApplication() {
        int before = all().size();

        String options = RawClient.exchange(server, "OPTIONS * HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
        String connect = answer("CONNECT shop:80 HTTP/1.1\r\nHost: shop:80\r\nConnection: close\r\n\r\n");

        assertThat(RawClient.status(options)).isEqualTo(204);
        assertThat(RawClient.status(connect)).isEqualTo(405);
        assertThat(all()).hasSize(before);
    }

    private static String answer(String request) {
        try (RawClient client = new RawClient(server)) {
            return client.send(request).answer();
        }
    }

    private static List<String> all() {
        List<String> all = new java.util.ArrayList<>(sam.heads());
        all.addAll(sally.heads());
        all.addAll(root.heads());
        return all;
    }
}
