package marina.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import marina.testing.CableClient;
import marina.testing.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page says to the cable, and what it is told. */
class CableProtocolTest {
    @TempDir
    private Path base;

    @Test
    void aBroadcastReachesAllWhoAreSubscribedAndNobodyElse() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient anna = cable.client("/cable").subscribe("scores");
                CableClient bert = cable.client("/cable").subscribe("scores");
                CableClient carl = cable.client("/cable").subscribe("news")) {
            assertThat(cable.broadcast("{\"stream\":\"scores\",\"data\":\"<b>1 & 2</b>\"}"))
                    .isEqualTo(200);
            String message = "{\"type\":\"message\",\"stream\":\"scores\",\"data\":\"<b>1 & 2</b>\"}";
            assertThat(anna.next()).isEqualTo(message);
            assertThat(bert.next()).isEqualTo(message);
            cable.broadcast("{\"stream\":\"news\",\"data\":1}");
            assertThat(carl.next()).isEqualTo("{\"type\":\"message\",\"stream\":\"news\",\"data\":1}");
            assertThat(anna.hasMore()).isFalse();
        }
    }

    @Test
    void oneSocketHasSeveralStreamsAndLeavesThemOneByOne() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable")) {
            client.subscribe("one").subscribe("two").subscribe("three").subscribe("three");
            assertThat(cable.count("Subscriptions")).isEqualTo(3);
            client.send("{\"type\":\"unsubscribe\",\"stream\":\"two\"}").subscribe("four");
            for (String stream : List.of("one", "two", "three")) {
                cable.broadcast("{\"stream\":\"" + stream + "\",\"data\":null}");
            }
            assertThat(client.next()).contains("\"one\"").contains("\"data\":null");
            assertThat(client.next()).contains("\"three\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":1.50,\"a\":[1e400,12345678901234567890,-0.0,{}]}",
                "[ true , false , null ]",
                "\"quotes \\\" and \\u00e9 and é and \\ud83d\\ude00\"",
                "0"
            })
    void dataArrivesAsItWasPosted(String data) {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable").subscribe("s")) {
            cable.broadcast("{ \"data\" : " + data + ", \"stream\":\"s\" }");
            assertThat(client.next()).isEqualTo("{\"type\":\"message\",\"stream\":\"s\",\"data\":" + data + "}");
        }
    }

    @Test
    void aBroadcastWithoutDataIsAMessageWithoutData() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable").subscribe("s")) {
            cable.broadcast("{\"stream\":\"s\"}");
            assertThat(client.next()).isEqualTo("{\"type\":\"message\",\"stream\":\"s\"}");
        }
    }

    @Test
    void whatItDoesNotUnderstandIsPassedOver() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable")) {
            client.send("hello")
                    .send("[1]")
                    .send("{\"type\":\"dance\",\"stream\":\"s\"}")
                    .send("{\"type\":\"subscribe\",\"stream\":\"\"}")
                    .send("{\"type\":\"subscribe\"}")
                    .send("{\"type\":\"subscribe\",\"stream\":7}")
                    .send("[".repeat(60_000))
                    .subscribe("after");
            assertThat(cable.count("Subscriptions")).isEqualTo(1);
        }
    }

    @Test
    void messagesOfOneStreamKeepTheirOrder() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable").subscribe("s")) {
            for (int i = 0; i < 200; i++) {
                cable.broadcast("{\"stream\":\"s\",\"data\":" + i + "}");
            }
            for (int i = 0; i < 200; i++) {
                assertThat(client.next()).endsWith("\"data\":" + i + "}");
            }
        }
    }

    @Test
    void whoAnswersPingsStaysAndWhoIsSilentIsCutOff() {
        try (CableUnderTest cable = CableUnderTest.open(base, ", ping: 5s");
                CableClient alive = cable.client("/cable").subscribe("s");
                CableClient silent = CableClient.openSilent(cable.marina().uri(""), "/cable")) {
            assertThat(silent.next()).isEqualTo("{\"type\":\"ping\"}");
            await().atMost(Duration.ofSeconds(30)).until(() -> cable.count("CutOff") == 1);
            await().atMost(Duration.ofSeconds(10)).until(() -> cable.count("Sockets") == 1);
            cable.broadcast("{\"stream\":\"s\",\"data\":\"still here\"}");
            assertThat(alive.next()).contains("still here");
        }
    }

    @Test
    void aReloadWithAShorterPingCutsOffNobodyWhoAnswers() {
        try (CableUnderTest cable = CableUnderTest.open(base, ", ping: 1h");
                CableClient client = cable.client("/cable").subscribe("s")) {
            // Longer than a silent client may be with the ping to come.
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> cable.count("Sockets") == 1);
            // Who answers has two seconds, on a busy machine too.
            cable.marina().reload("cable: { path: /cable, require_token: false, ping: 2s }\n");
            await().during(Duration.ofSeconds(7))
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> cable.count("CutOff") == 0);
            cable.broadcast("{\"stream\":\"s\",\"data\":\"still here\"}");
            assertThat(client.next()).contains("still here");
        }
    }

    @Test
    void aMessageMayComeInPiecesThatAreSmallEnoughTogether() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable").subscribe("s")) {
            client.sendPiece(" ".repeat(100_000)).sendPiece("{\"type\":\"sub").send("scribe\",\"stream\":\"t\"}");
            assertThat(client.next()).isEqualTo("{\"type\":\"subscribed\",\"stream\":\"t\"}");
            // The second one is perhaps refused before it has gone.
            client.sendPiece(" ".repeat(100_000)).sendUnheard(" ".repeat(100_000));
            assertThat(client.next()).isEqualTo("close 1009");
        }
    }

    @Test
    void aMessageThatIsTooLargeEndsTheSocket() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable").subscribe("s")) {
            client.send(" ".repeat(128 * 1024 - 40) + "{\"type\":\"pong\"}").subscribe("t");
            client.send(" ".repeat(128 * 1024 + 1));
            assertThat(client.next()).isEqualTo("close 1009");
            await().until(() -> cable.count("Subscriptions") == 0);
        }
    }

    @Test
    void whatIsNoWebSocketIs400() {
        try (CableUnderTest cable = CableUnderTest.open(base, "")) {
            assertThat(cable.marina().get("/cable").statusCode()).isEqualTo(400);
            assertThat(cable.marina().get("/cables").statusCode()).isEqualTo(404);
            assertThat(RawClient.status(
                            cable.marina().uri(""),
                            "GET",
                            "/cable",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13"))
                    .isEqualTo(400);
        }
    }

    @Test
    void compressionIsNotAgreedOn() {
        try (CableUnderTest cable = CableUnderTest.open(base, "")) {
            String answer;
            try (RawClient client = new RawClient(cable.marina().uri(""))) {
                answer = client.send(String.join(
                                "\r\n",
                                "GET /cable HTTP/1.1",
                                "Host: a.test",
                                "Connection: keep-alive, Upgrade",
                                "Upgrade: websocket",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Extensions: permessage-deflate",
                                "Sec-WebSocket-Protocol: actioncable-v1-json",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                "",
                                ""))
                        .answer();
            }
            assertThat(answer).startsWith("HTTP/1.1 101").doesNotContain("Sec-WebSocket-Extensions");
            assertThat(answer).doesNotContain("Sec-WebSocket-Protocol");
        }
    }

    @Test
    void aServerThatStopsSaysSo() {
        CableClient client;
        try (CableUnderTest cable = CableUnderTest.open(base, "")) {
            client = cable.client("/cable").subscribe("s");
        }
        assertThat(client.next()).isEqualTo("close 1001");
    }

    @Test
    void aReloadDisturbsNobodyUnlessItTakesTheCableAway() {
        try (CableUnderTest cable = CableUnderTest.open(base, "");
                CableClient client = cable.client("/cable").subscribe("s")) {
            cable.marina().reload("cable: { path: /live, require_token: false }\n");
            cable.broadcast("{\"stream\":\"s\",\"data\":2}");
            assertThat(client.next()).endsWith("2}");
            assertThat(cable.marina().get("/cable").statusCode()).isEqualTo(404);
            cable.marina().reload("");
            assertThat(client.next()).isEqualTo("close 1001");
            assertThat(cable.broadcast("{\"stream\":\"s\"}")).isEqualTo(404);
        }
    }
}
