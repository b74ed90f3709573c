package marina.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import marina.testing.CableClient;
import marina.testing.DeafSocket;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose pages may listen, and to what. */
class CableSafetyTest {
    private static final String SECRET = "a-secret-of-thirty-two-characters";

    @TempDir
    private Path base;

    @ParameterizedTest
    @CsvSource({
        "http://shop.test:8080, 101",
        "HTTPS://shop.test:8080, 101",
        "http://shop.test, 403",
        "http://shop.test:8081, 403",
        "https://evil.test, 403",
        "http://shop.test:8080.evil.test, 403",
        "null, 403",
        "file://, 403",
        "https://app.example.com, 101",
        "http://app.example.com, 403",
        "https://a.example.org, 101",
        "https://a.b.example.org, 101",
        "https://example.org, 403",
        "https://evilexample.org, 403",
        ", 101"
    })
    void pagesOfOtherSitesAreRefused(String origin, int status) {
        try (CableUnderTest cable =
                CableUnderTest.open(base, ", origins: [\"https://app.example.com\", \"https://*.example.org\"]")) {
            String field = origin == null ? "X-No: origin" : "Origin: " + origin;
            assertThat(handshake(cable.marina(), "/cable", field)).isEqualTo(status);
        }
    }

    private static int handshake(MarinaUnderTest marina, String path, String field) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: shop.test:8080\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + field + "\r\n\r\n";
        URI server = marina.uri("");
        try (RawClient client = new RawClient(server)) {
            return RawClient.status(client.send(request).answer());
        }
    }

    @Test
    void passwordsHoldForSocketsToo() {
        MarinaUnderTest.write(base, "conf/htpasswd", "anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        try (CableUnderTest cable =
                CableUnderTest.start(base, "cable: { path: /cable }\nauth: { htpasswd: conf/htpasswd }\n")) {
            assertThat(handshake(cable.marina(), "/cable", "X-No: password")).isEqualTo(401);
            String right = "Authorization: Basic " + base64("anna:test");
            assertThat(handshake(cable.marina(), "/cable", right)).isEqualTo(101);
            cable.marina().reload("cable: { path: /cable }\nauth: { htpasswd: conf/htpasswd, public: [/cable] }\n");
            assertThat(handshake(cable.marina(), "/cable", "X-No: password")).isEqualTo(101);
        }
    }

    @Test
    void aContextHasStreamsOfItsOwn() throws Exception {
        String yaml =
                "cable: { path: /cable }\ncontexts:\n" + CableUnderTest.app("/sam") + CableUnderTest.app("/sally");
        try (CableUnderTest cable = CableUnderTest.start(base, yaml);
                CableClient sam = cable.client("/sam/cable").subscribe("list");
                CableClient sally = cable.client("/sally/cable").subscribe("list");
                CableClient server = cable.client("/cable").subscribe("list")) {
            CableUnderTest.post(
                    cable.variable("/sam", "TURBO_CABLE_BROADCAST_URL"), "{\"stream\":\"list\",\"data\":1}");
            assertThat(sam.next()).endsWith("\"data\":1}");
            CableUnderTest.post(
                    cable.variable("/sally", "TURBO_CABLE_BROADCAST_URL"), "{\"stream\":\"list\",\"data\":2}");
            assertThat(sally.next()).endsWith("\"data\":2}");
            sam.subscribe("more");
            sally.subscribe("more");
            server.subscribe("more");
        }
    }

    @Test
    void sharedStreamsAreThoseOfAll() throws Exception {
        String yaml = "cable: { path: /live/cable, shared: true }\ncontexts:\n" + CableUnderTest.app("/sam")
                + CableUnderTest.app("/sally");
        try (CableUnderTest cable = CableUnderTest.start(base, yaml);
                CableClient client = cable.client("/live/cable").subscribe("list")) {
            for (String context : new String[] {"/sam", "/sally"}) {
                assertThat(cable.variable(context, "TURBO_CABLE_PATH")).isEqualTo("/live/cable");
                CableUnderTest.post(
                        cable.variable(context, "TURBO_CABLE_BROADCAST_URL"),
                        "{\"stream\":\"list\",\"data\":\"" + context + "\"}");
                assertThat(client.next()).endsWith("\"data\":\"" + context + "\"}");
            }
        }
    }

    @Test
    void withASecretOnlySignedNamesAreSubscribedTo() throws Exception {
        try (CableUnderTest cable = CableUnderTest.open(base, ", secret: " + SECRET);
                CableClient client = cable.client("/cable")) {
            String signed = signed(SECRET, "chat:1");
            client.send("{\"type\":\"subscribe\",\"stream\":\"chat:1\"}")
                    .send("{\"type\":\"subscribe\",\"stream\":\"" + signed(SECRET + "x", "chat:1") + "\"}")
                    .send("{\"type\":\"subscribe\",\"stream\":\"" + signed.substring(0, signed.length() - 2) + "\"}")
                    .subscribe(signed);
            assertThat(cable.count("RefusedSubscriptions")).isEqualTo(3);
            cable.broadcast("{\"stream\":\"chat:1\",\"data\":\"hi\"}");
            assertThat(client.next()).isEqualTo("{\"type\":\"message\",\"stream\":\"" + signed + "\",\"data\":\"hi\"}");
        }
    }

    /** What ActiveSupport::MessageVerifier makes of room:1 with this key, computed by another program. */
    @Test
    void theFormOfSignedNamesIsThatOfTurbo() {
        String signed = "InJvb206MSI=" + "--20093ea2c52b28b588bc6f9a282c0cd03b7c1ed1b4495a837b720ca83ed83236";
        assertThat(new StreamNames("a".repeat(64).getBytes(StandardCharsets.UTF_8)).read(signed))
                .contains("room:1");
    }

    @Test
    void aNameThatOneContextHasSignedIsWorthNothingAtAnother() throws Exception {
        String yaml = "cable: { path: /cable, secret: " + SECRET + " }\ncontexts:\n" + CableUnderTest.app("/sam")
                + CableUnderTest.app("/sally");
        try (CableUnderTest cable = CableUnderTest.start(base, yaml);
                CableClient sam = cable.client("/sam/cable");
                CableClient sally = cable.client("/sally/cable")) {
            String samsKey = cable.variable("/sam", "TURBO_CABLE_SIGNING_KEY");
            String sallysKey = cable.variable("/sally", "TURBO_CABLE_SIGNING_KEY");
            assertThat(samsKey).isNotEqualTo(sallysKey).doesNotContain(SECRET);
            sam.subscribe(signed(samsKey, "list"));
            sally.send("{\"type\":\"subscribe\",\"stream\":\"" + signed(samsKey, "list") + "\"}")
                    .subscribe(signed(sallysKey, "list"));
            assertThat(cable.count("Subscriptions")).isEqualTo(2);
        }
    }

    @Test
    void socketsAndTheirSubscriptionsAreLimited() {
        try (CableUnderTest cable = CableUnderTest.open(base, ", max_sockets: 2, max_subscriptions: 3");
                CableClient one = cable.client("/cable");
                CableClient two = cable.client("/cable")) {
            one.subscribe("a").subscribe("b").subscribe("c");
            one.send("{\"type\":\"subscribe\",\"stream\":\"d\"}");
            one.send("{\"type\":\"unsubscribe\",\"stream\":\"a\"}").subscribe("e");
            two.subscribe("a");
            assertThat(cable.count("Subscriptions")).isEqualTo(4);
            assertThat(cable.count("RefusedSubscriptions")).isEqualTo(1);
            assertThatThrownBy(() -> cable.client("/cable"))
                    .cause()
                    .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                    refused.getResponse().statusCode())
                            .isEqualTo(503));
            assertThat(cable.count("RefusedSockets")).isEqualTo(1);
        }
    }

    @Test
    void oneClientHasSomeOfAllSocketsAndProxiesThatAreKnownSpeakForMany() {
        String yaml = "trusted_proxies: [loopback]\ncable: { path: /cable, max_sockets_per_address: 1 }\n";
        try (CableUnderTest cable = CableUnderTest.start(base, yaml)) {
            try (CableClient one = cable.client("/cable").subscribe("a")) {
                assertThatThrownBy(() -> cable.client("/cable"))
                        .cause()
                        .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                        refused.getResponse().statusCode())
                                .isEqualTo(503));
                assertThat(upgradeFor(cable, "203.0.113.7")).startsWith("HTTP/1.1 101");
                assertThat(one.hasMore()).isFalse();
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> cable.count("Sockets") == 0);
            cable.client("/cable").subscribe("a").close();
        }
    }

    private static String upgradeFor(CableUnderTest cable, String client) {
        try (RawClient raw = new RawClient(cable.marina().uri(""))) {
            return raw.send(DeafSocket.handshake("X-Forwarded-For: " + client)).answer();
        }
    }

    private static String signed(String key, String name) {
        String data = base64("\"" + name + "\"");
        return data + "--" + hmac(key, data);
    }

    private static String hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
