package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers without a body, with an odd one, and those that are several: each client gets what its protocol has for them. */
class UnusualAnswersTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
    private static final String NEXT_ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";

    /** Says its words to the first request of each connection, and goes on. */
    private static ScriptedBackend first(String words) throws Exception {
        return ScriptedBackend.serving((wire, connection) -> {
            for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
                wire.send(head.contains(" /next ") ? NEXT_ANSWER : words);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n, Content-Length: 5",
        "HEAD, HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n, HTTP/1.1 200",
        "GET, HTTP/1.1 204 No Content\\r\\nX: a\\r\\n\\r\\n, HTTP/1.1 204",
        "GET, HTTP/1.1 304 Not Modified\\r\\nETag: x\\r\\nContent-Length: 5\\r\\n\\r\\n, HTTP/1.1 304",
        "GET, HTTP/1.1 205 Reset Content\\r\\nContent-Length: 0\\r\\n\\r\\n, HTTP/1.1 205",
    })
    void withoutABodyTheNextAnswerFollowsAtOnce(String method, String words, String expected) throws Exception {
        try (ScriptedBackend backend = first(words.replace("\\r\\n", "\r\n"));
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(method + " /first HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(client.head()).contains(expected).startsWith("HTTP/1.1");
            client.send(NEXT);

            assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nnext");
        }
    }

    /** RFC 9110, 8.6: a length of 0 would say that the file is empty. */
    @ParameterizedTest
    @CsvSource({
        "HEAD, HTTP/1.1 200 OK\\r\\nX: a\\r\\n\\r\\n",
        "HEAD, HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n",
        "GET, HTTP/1.1 304 Not Modified\\r\\nETag: x\\r\\n\\r\\n",
    })
    void noLengthIsMadeUpForABodyThatIsNotSent(String method, String words) throws Exception {
        try (ScriptedBackend backend = first(words.replace("\\r\\n", "\r\n"));
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send(method + " /first HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(client.head()).startsWith(words.substring(0, 12)).doesNotContainIgnoringCase("Content-Length");
            client.send(NEXT);

            assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nnext");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void chunksReachAClientOfHttp10AsPlainBytesUpToTheEnd(String field) throws Exception {
        try (ScriptedBackend backend = first(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: shop\r\n" + field + "\r\n");

            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200")
                    .doesNotContain("Transfer-Encoding")
                    .endsWith("\r\n\r\nabcdef");
        }
    }

    @Test
    void interimAnswersNeverReachAClientOfHttp10() throws Exception {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
        try (ScriptedBackend backend = first(hints + hints + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: shop\r\n\r\n");

            assertThat(client.rest()).startsWith("HTTP/1.1 200").doesNotContain("103", "Link");
        }
    }

    @Test
    void aConnectionThatTheClientOrTheBackendEndsIsEndedOnThatSideOnly() throws Exception {
        try (ScriptedBackend backend = first("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200").doesNotContain("Connection");
            assertThat(client.read(2)).isEqualTo("ok");
            client.send(NEXT);
            assertThat(client.head()).startsWith("HTTP/1.1 200").contains("Connection: close");
            assertThat(client.rest()).isEqualTo("next");

            try (Wire other = front.connect()) {
                other.send(NEXT);
                assertThat(other.rest()).endsWith("next");
            }
            // The first ended with its answer; the second has served both clients that wanted no more.
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"600, 200", "8000, 502"})
    void manyFieldsPassAndTooManyAreAFailureOfTheBackend(int fields, int status) throws Exception {
        StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
        for (int i = 0; i < fields; i++) {
            head.append("X-").append(i).append(": abcdef\r\n");
        }
        try (ScriptedBackend backend = ScriptedBackend.answering(head + "\r\n");
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            String answer = client.head();
            assertThat(answer).startsWith("HTTP/1.1 " + status);
            assertThat(answer.contains("X-599: abcdef")).isEqualTo(status == 200);
        }
    }

    @Test
    void aFoldedFieldIsAFailureOfTheBackend() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.answering(
                        "HTTP/1.1 200 OK\r\nX-Long: a\r\n Set-Cookie: evil=1\r\nContent-Length: 2\r\n\r\nok");
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(client.head()).startsWith("HTTP/1.1 502").doesNotContain("evil");
        }
    }

    @Test
    void anUnknownExpectationIsRefused() throws Exception {
        try (ScriptedBackend backend = first(NEXT_ANSWER);
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nExpect: 200-ok\r\nContent-Length: 4\r\n\r\n");

            assertThat(client.rest()).startsWith("HTTP/1.1 417");
            assertThat(backend.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"417 No", "401 Who"})
    void aBackendThatRefusesTheExpectationNeverGetsTheBody(String refusal) throws Exception {
        CompletableFuture<String> after = new CompletableFuture<>();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n");
                    after.complete(wire.rest());
                });
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

            assertThat(client.head()).startsWith("HTTP/1.1 " + refusal.substring(0, 3));
            client.hangUp();
            Front.soon("the exchange ends", front::allExchangesEnded);
            assertThat(after.get(5, TimeUnit.SECONDS).replace("<reset>", "")).isEmpty();
        }
    }
}
