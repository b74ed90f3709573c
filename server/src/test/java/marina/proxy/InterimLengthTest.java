package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interim answer has no body; what it says of one's length must not spoil the answer that follows (RFC 9110, section 8.6). */
class InterimLengthTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "rubbish\r\n\r\n",
            })
    void theAnswerAfterAnInterimOneWithALengthIsWhole(String words) throws Exception {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nContent-Length: 16\r\n\r\n";
        try (ScriptedBackend backend = ScriptedBackend.answering(hints + words);
                Front front = Front.to(backend.port());
                Wire client = front.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            ClientAnswer answer = ClientAnswer.read(client, false);

            assertThat(answer.complete()).isTrue();
            assertThat(answer.body()).isEqualTo(words.startsWith("HTTP") ? "ok" : "failure page 502");
        }
    }
}
