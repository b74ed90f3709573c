package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Wherever a backend leaves within its answer, no client takes the piece for the whole. A body in chunks is whole when its last
 * chunk is there, without the trailers too (RFC 9112, section 8).
 */
@SuppressWarnings("NullAway.Init")
class CutOffAnswersTest {

    private static final String HELLO = "hello world";
    private static final String[] WORDS = {
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\n" + HELLO,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + HELLO,
        "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 11\r\n\r\n",
    };

    private static BothTransports both;

    @BeforeAll
    static void startServers(@TempDir Path folder) throws Exception {
        both = new BothTransports(folder, CutOffAnswersTest::answer);
    }

    @AfterAll
    static void stopServers() throws Exception {
        both.close();
    }

    /** {@code /WORDS/CUT/END}. */
    private static boolean answer(String head, AnsweringBackend.Line line) throws IOException {
        String[] target = head.split("[ /]", 6);
        line.send(WORDS[Integer.parseInt(target[2])].substring(0, Integer.parseInt(target[3])));
        if (target[4].equals("reset")) {
            line.reset();
        }
        return false;
    }

    private static ClientAnswer ask(int words, int cut, String end) throws Exception {
        try (Wire client = both.connect()) {
            client.send("GET /" + words + "/" + cut + "/" + end + " HTTP/1.1\r\nHost: shop\r\n\r\n");
            return ClientAnswer.read(client, false);
        }
    }

    @ParameterizedTest
    @CsvSource({"tcp, close", "tcp, reset", "unix, close"})
    void aPieceNeverLooksWhole(String transport, String end) throws Exception {
        AnsweringBackend backend = both.use(transport);
        for (int words = 0; words < WORDS.length; words++) {
            for (int cut = 0; cut < WORDS[words].length(); cut++) {
                ClientAnswer answer = ask(words, cut, end);

                boolean whole = WORDS[words].substring(0, cut).contains("\r\n0\r\n");
                assertThat(answer.status() == 502
                                || !answer.complete()
                                || (whole && answer.body().equals(HELLO)))
                        .as("answer %s, ended after %s bytes: %s", words, cut, answer)
                        .isTrue();
                assertThat(answer.status() == 502 ? "" : answer.body())
                        .as("answer %s, ended after %s bytes", words, cut)
                        .matches(body -> HELLO.startsWith(body), "is a beginning of the body");
            }
        }
        assertThat(backend.failures()).isEmpty();
    }

    /** A reset may overtake what was sent before it. */
    @ParameterizedTest
    @CsvSource({"tcp, close", "tcp, reset", "unix, close"})
    void aWholeAnswerIsWholeOrAFailure(String transport, String end) throws Exception {
        both.use(transport);
        for (int words = 0; words < WORDS.length; words++) {
            ClientAnswer answer = ask(words, WORDS[words].length(), end);

            if (end.equals("close")) {
                assertThat(answer.complete()).isTrue();
                assertThat(answer.status()).isNotEqualTo(502);
            }
            if (answer.complete() && answer.status() == 200) {
                assertThat(answer.body()).isEqualTo(HELLO);
            } else if (answer.complete()) {
                assertThat(answer.status()).isIn(204, 304, 502);
            }
        }
    }
}
