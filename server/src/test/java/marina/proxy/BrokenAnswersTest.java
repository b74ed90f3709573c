package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that is not what RFC 9112 calls one is a failure of the backend, and its connection serves nobody else. */
@SuppressWarnings("NullAway.Init")
class BrokenAnswersTest {

    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String GIANT = "<giant>";

    private static final Map<String, String> WORDS = new ConcurrentHashMap<>();
    private static final AtomicInteger LAST = new AtomicInteger();
    private static volatile int brokenLine;
    private static volatile int goodLine;
    private static AnsweringBackend backend;
    private static Front front;

    @BeforeAll
    static void startServers() throws Exception {
        backend = AnsweringBackend.onTcp(BrokenAnswersTest::answer);
        ForwardTimeouts usual = ForwardTimeouts.DEFAULT;
        ForwardTimeouts hasty = new ForwardTimeouts(
                usual.connect(), usual.answer(), Duration.ofSeconds(1), usual.pooled(), usual.tunnel(), usual.goOn());
        front = Front.to(backend.target(), hasty);
    }

    @AfterAll
    static void stopServers() throws Exception {
        front.close();
        backend.close();
    }

    /** Never closes on its own: who has got nonsense must. */
    private static boolean answer(String head, AnsweringBackend.Line line) throws IOException {
        String words = WORDS.get(head.split(" ", 3)[1]);
        if (words == null) {
            goodLine = line.number();
            line.send(GOOD);
        } else {
            brokenLine = line.number();
            line.send(words);
        }
        return true;
    }

    private static ClientAnswer ask(String path) throws Exception {
        try (Wire client = front.connect()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");
            return ClientAnswer.read(client, false);
        }
    }

    private static ClientAnswer askFor(String words) throws Exception {
        String path = "/broken/" + LAST.incrementAndGet();
        WORDS.put(path, words.replace(GIANT, "x".repeat(200_000)));
        return ask(path);
    }

    private static void assertThatTheNextRequestHasAnotherConnection() throws Exception {
        assertThat(ask("/good").body()).isEqualTo("good");
        assertThat(goodLine).isNotEqualTo(brokenLine);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: 0x5\r\n",
                "Content-Length: 5 5\r\n",
                "Content-Length: 5, 6\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length: \r\n",
                "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n",
                "Transfer-Encoding: chunked, gzip\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "X-Folded: a\r\n b\r\nContent-Length: 5\r\n",
                " X-Leading: a\r\nContent-Length: 5\r\n",
                "X-Nul: a\0b\r\nContent-Length: 5\r\n",
                "X-Nul\0: a\r\nContent-Length: 5\r\n",
                "X-Return: a\rSet-Cookie: evil=1\r\nContent-Length: 5\r\n",
                "X-Space : a\r\nContent-Length: 5\r\n",
                "X Space: a\r\nContent-Length: 5\r\n",
                "No colon\r\nContent-Length: 5\r\n",
                ": no name\r\nContent-Length: 5\r\n",
                "X-Giant: " + GIANT + "\r\nContent-Length: 5\r\n",
                GIANT + ": a\r\nContent-Length: 5\r\n",
            })
    void aHeadThatIsNoneIsABadGateway(String fields) throws Exception {
        ClientAnswer answer = askFor("HTTP/1.1 200 OK\r\n" + fields + "\r\nhello");

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.head()).doesNotContain("evil");
        assertThat(answer.body()).isEqualTo("failure page 502");
        assertThatTheNextRequestHasAnotherConnection();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 99 Low",
                "HTTP/1.1 099 Low",
                "HTTP/1.1 1000 High",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 -200 OK",
                "HTTP/1.1  OK",
                "HTTP/9.9 200 OK",
                "HTTP/11 200 OK",
                "HTTPS/1.1 200 OK",
                "200 OK",
                "hello",
                "<html><body>HTTP/0.9</body></html>",
                "GET / HTTP/1.1",
                "HTTP/1.1 200 " + GIANT,
                "\0\0\0\0\0\0\0\0",
                "\u0016\u0003\u0001\u0002\u0000\u0001",
            })
    void aStatusLineThatIsNoneIsABadGateway(String line) throws Exception {
        ClientAnswer answer = askFor(line + "\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).isEqualTo("failure page 502");
        assertThatTheNextRequestHasAnotherConnection();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g\r\nhello\r\n0\r\n\r\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "0x5\r\nhello\r\n0\r\n\r\n",
                "5 5\r\nhello\r\n0\r\n\r\n",
                "\r\nhello\r\n0\r\n\r\n",
                ";a\r\nhello\r\n0\r\n\r\n",
                "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                "10000000000000005\r\nhello\r\n0\r\n\r\n",
                "80000000\r\nhello\r\n0\r\n\r\n",
                "100000005\r\nhello\r\n0\r\n\r\n",
                "5\r\nhelloX\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "4\r\nhello\r\n0\r\n\r\n",
                "6\r\nhello\r\n0\r\n\r\n",
                "5;" + GIANT + "\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nX-Giant: " + GIANT + "\r\n\r\n",
                "5\r\nhello\r\n0\r\nX-Folded: a\r\n b\r\n\r\n",
                "5\r\nhello\r\n0\r\nNo colon\r\n\r\n",
            })
    void chunksThatAreNoneNeverLookWhole(String chunks) throws Exception {
        ClientAnswer answer = askFor(CHUNKED + chunks);

        assertThat(answer.status() == 502 || !answer.complete())
                .as("broken off or a bad gateway: %s", answer)
                .isTrue();
        assertThatTheNextRequestHasAnotherConnection();
    }

    /** RFC 9112, section 6.3: one of the two counts, and it must not be the length. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 300\r\n"
            })
    void twoLengthsNeverReachTheClient(String fields) throws Exception {
        ClientAnswer answer = askFor("HTTP/1.1 200 OK\r\n" + fields + "\r\n5\r\nhello\r\n0\r\n\r\n");

        if (answer.status() == 200) {
            assertThat(answer.head()).doesNotContain("Content-Length");
            assertThat(answer.body()).isEqualTo("hello");
        } else {
            assertThat(answer.status()).isEqualTo(502);
        }
        assertThatTheNextRequestHasAnotherConnection();
    }

    /** RFC 9112, section 2.2, lets a recipient take a line feed for the end of a line; it must not pass it on as a part of one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nX-A: b\nContent-Length: 5\n\nhello",
                "HTTP/1.1 200 OK\r\nX-A: b\nSet-Cookie: c\r\nContent-Length: 5\r\n\r\nhello",
            })
    void aBareLineFeedEndsALineOrTheAnswer(String words) throws Exception {
        ClientAnswer answer = askFor(words);

        assertThat(answer.status()).isIn(200, 502);
        String withoutEnds = answer.head().replace("\r\n", "");
        assertThat(withoutEnds).doesNotContain("\n", "\r");
        assertThat(answer.body().getBytes(StandardCharsets.ISO_8859_1))
                .asString(StandardCharsets.ISO_8859_1)
                .isIn("hello", "failure page 502");
    }
}
