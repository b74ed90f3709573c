package marina.cable;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import marina.testing.CableClient;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What applications may broadcast, and who else tries. */
class BroadcastTest {
    @TempDir
    private Path base;

    @Test
    void theAnswersAreThoseThatApplicationsKnow() {
        try (CableUnderTest cable = CableUnderTest.open(base, ", max_broadcast: 1K")) {
            assertThat(cable.broadcast("{\"stream\":\"nobody\",\"data\":1}")).isEqualTo(200);
            assertThat(cable.broadcast("{\"stream\":\"\",\"data\":1}")).isEqualTo(400);
            assertThat(cable.broadcast("{\"data\":1}")).isEqualTo(400);
            assertThat(cable.broadcast("{\"stream\":\"s\",\"data\":1")).isEqualTo(400);
            assertThat(cable.broadcast("{\"stream\":\"s\",\"data\":01}")).isEqualTo(400);
            assertThat(cable.broadcast("{\"stream\":\"s\",\"data\":" + "[".repeat(500) + "]".repeat(500) + "}"))
                    .isEqualTo(400);
            assertThat(cable.broadcast("")).isEqualTo(400);
            assertThat(cable.broadcast("{\"stream\":\"s\",\"data\":\"" + "x".repeat(2000) + "\"}"))
                    .isEqualTo(413);
            assertThat(cable.marina().get("/_broadcast").statusCode()).isEqualTo(405);
            assertThat(cable.count("Broadcasts")).isEqualTo(1);
            assertThat(cable.count("RefusedBroadcasts")).isEqualTo(8);
        }
    }

    @Test
    void whatHasPassedAProxyIsRefused() throws Exception {
        try (CableUnderTest cable = CableUnderTest.start(
                base, "cable: { path: /cable, require_token: false }\ntrusted_proxies: [loopback]\n")) {
            String url = cable.marina().uri("/_broadcast").toString();
            String body = "{\"stream\":\"s\"}";
            assertThat(CableUnderTest.post(url, body).statusCode()).isEqualTo(200);
            for (String field :
                    List.of("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "Origin", "Sec-Fetch-Site")) {
                assertThat(CableUnderTest.post(url, body, field, "127.0.0.1").statusCode())
                        .as(field)
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void otherMachinesAreRefused() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .filter(address -> address instanceof java.net.Inet4Address)
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
        Assumptions.assumeFalse(own.isLoopbackAddress(), "this machine has no address but loopback");
        MarinaUnderTest.write(
                base,
                "conf/server.yml",
                "listen: \"" + own.getHostAddress() + ":0\"\ncable: { path: /cable, require_token: false }\n");
        try (CableUnderTest cable = new CableUnderTest(MarinaUnderTest.startAsWritten(base))) {
            assertThat(cable.broadcast("{\"stream\":\"s\"}")).isEqualTo(403);
        }
    }

    @Test
    void anApplicationFindsItsAddressAndKeyInItsEnvironment() throws Exception {
        try (CableUnderTest cable =
                CableUnderTest.start(base, "cable: { path: /cable }\ncontexts:\n" + CableUnderTest.app("/shop"))) {
            String url = cable.variable("/shop", "TURBO_CABLE_BROADCAST_URL");
            assertThat(url).startsWith("http://127.0.0.1:").contains("/_broadcast/");
            assertThat(cable.variable("/shop", "TURBO_CABLE_PATH")).isEqualTo("/shop/cable");
            try (CableClient client = cable.client("/shop/cable").subscribe("s")) {
                assertThat(CableUnderTest.post(url, "{\"stream\":\"s\",\"data\":1}")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(client.next()).endsWith("\"data\":1}");

                String token = url.substring(url.lastIndexOf('/') + 1);
                String main = cable.marina().uri("/_broadcast").toString();
                assertThat(CableUnderTest.post(
                                        main, "{\"stream\":\"s\",\"data\":2}", "Authorization", "Bearer " + token)
                                .statusCode())
                        .isEqualTo(200);
                assertThat(client.next()).endsWith("\"data\":2}");
            }
        }
    }

    @Test
    void withoutTheRightTokenNobodySpeaksForAContext() throws Exception {
        try (CableUnderTest cable =
                CableUnderTest.start(base, "cable: { path: /cable }\ncontexts:\n" + CableUnderTest.app("/shop"))) {
            String url = cable.variable("/shop", "TURBO_CABLE_BROADCAST_URL");
            String body = "{\"stream\":\"s\"}";
            String forged = url.substring(0, url.length() - 1) + (url.endsWith("A") ? "B" : "A");
            URI port = URI.create(url).resolve("/");
            assertThat(cable.broadcast(body)).isEqualTo(403);
            assertThat(CableUnderTest.post(forged, body).statusCode()).isEqualTo(403);
            assertThat(CableUnderTest.post(port + "_broadcast/", body).statusCode())
                    .isEqualTo(403);
            assertThat(CableUnderTest.post(port + "shop/env", body).statusCode())
                    .isEqualTo(404);
            assertThat(CableUnderTest.post(url, body).statusCode()).isEqualTo(200);
            // Last, because the server closes the connection then, and the client may not have noticed yet.
            assertThat(CableUnderTest.post(port + "_broadcast/%00.", body).statusCode())
                    .isBetween(400, 404);
        }
    }

    @Test
    void aTokenIsInNoLogAndAnotherOneAfterEachStart() throws Exception {
        String yaml = "cable: { path: /cable }\ncontexts:\n" + CableUnderTest.app("/shop");
        String url;
        try (CableUnderTest cable = CableUnderTest.start(base, yaml)) {
            url = cable.variable("/shop", "TURBO_CABLE_BROADCAST_URL");
            assertThat(CableUnderTest.post(url, "{\"stream\":\"s\"}").statusCode())
                    .isEqualTo(200);
        }
        String token = url.substring(url.lastIndexOf('/') + 1);
        assertThat(Files.readString(base.resolve("logs/access.log")))
                .contains("/shop/env")
                .doesNotContain(token);
        try (CableUnderTest cable = CableUnderTest.start(base, yaml)) {
            assertThat(cable.variable("/shop", "TURBO_CABLE_BROADCAST_URL")).doesNotEndWith(token);
        }
    }

    @Test
    void whatTheOperatorWritesWins() throws Exception {
        String yaml = "cable: { path: /cable }\ndefaults: { env: { TURBO_CABLE_BROADCAST_URL: mine } }\ncontexts:\n"
                + CableUnderTest.app("/shop");
        try (CableUnderTest cable = CableUnderTest.start(base, yaml)) {
            assertThat(cable.variable("/shop", "TURBO_CABLE_BROADCAST_URL")).isEqualTo("mine");
        }
    }

    @Test
    void anApplicationLearnsOfACableThatComesWithAReloadWhenItStartsNext() throws Exception {
        String apps = "defaults: { idle_timeout: 1s }\ncontexts:\n" + CableUnderTest.app("/shop");
        try (CableUnderTest cable = CableUnderTest.start(base, apps)) {
            assertThat(cable.marina().get("/shop/env").body()).doesNotContain("TURBO_CABLE");
            cable.marina().reload("cable: { path: /cable }\n" + apps);
            cable.marina().awaitState("/shop", "stopped");
            String url = cable.variable("/shop", "TURBO_CABLE_BROADCAST_URL");
            try (CableClient client = cable.client("/shop/cable").subscribe("s")) {
                CableUnderTest.post(url, "{\"stream\":\"s\",\"data\":1}");
                assertThat(client.next()).endsWith("\"data\":1}");
            }
        }
    }
}
