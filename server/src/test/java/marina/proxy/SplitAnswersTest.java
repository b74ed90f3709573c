package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However an answer comes in pieces, the client gets the same. */
@SuppressWarnings("NullAway.Init")
class SplitAnswersTest {

    /** In which the front has most likely read the first piece; when it has not, the test shows less and no less than before. */
    private static final long PAUSE_NANOS = 200_000;

    private static final String HELLO = "hello world";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n";

    /** What the backend says, and what arrives of it. */
    private record Case(String name, String method, String words, int status, String body, String more) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Case> CASES = List.of(
            new Case(
                    "length",
                    "GET",
                    "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\n" + HELLO,
                    200,
                    HELLO,
                    "X-A: b\r\n"),
            new Case("empty", "GET", "HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n", 404, "", ""),
            new Case(
                    "chunks",
                    "GET",
                    CHUNKED + "5;a=b;c=\"d;e\"\r\nhello\r\n006\r\n world\r\n0;end\r\nX-Sum: 11\r\n\r\n",
                    200,
                    HELLO,
                    "X-Sum: 11\r\n"),
            new Case(
                    "one-chunk",
                    "GET",
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\nB\r\nhello world\r\n00\r\n\r\n",
                    200,
                    HELLO,
                    ""),
            new Case("close", "GET", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + HELLO, 200, HELLO, ""),
            new Case("http-1.0", "GET", "HTTP/1.0 200 OK\r\nX-A: b\r\n\r\n" + HELLO, 200, HELLO, "X-A: b\r\n"),
            new Case(
                    "interim",
                    "GET",
                    "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"
                            + HELLO,
                    200,
                    HELLO,
                    "Link: </a.css>\r\n"),
            new Case("no-content", "GET", "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n", 204, "", "X-A: b\r\n"),
            new Case(
                    "not-modified",
                    "GET",
                    "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 11\r\n\r\n",
                    304,
                    "",
                    "ETag: \"a\"\r\n"),
            new Case(
                    "head",
                    "HEAD",
                    "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\n",
                    200,
                    "",
                    "Content-Length: 11\r\n"));

    private static BothTransports both;

    @BeforeAll
    static void startServers(@TempDir Path folder) throws Exception {
        both = new BothTransports(folder, SplitAnswersTest::answer);
    }

    @AfterAll
    static void stopServers() throws Exception {
        both.close();
    }

    /** {@code /CASE/WHERE} is split there, in the middle of nothing when it is the length; {@code /CASE/-1} comes byte by byte. */
    private static boolean answer(String head, AnsweringBackend.Line line) throws IOException {
        String[] target = head.split("[ /]", 5);
        Case wanted = CASES.stream()
                .filter(one -> one.name().equals(target[2]))
                .findFirst()
                .orElseThrow();
        int split = Integer.parseInt(target[3].split(" ", 2)[0]);
        int size = split < 0 ? 1 : Math.max(1, split);
        String rest = wanted.words();
        while (!rest.isEmpty()) {
            int end = Math.min(size, rest.length());
            line.send(rest.substring(0, end));
            LockSupport.parkNanos(PAUSE_NANOS);
            rest = rest.substring(end);
            size = split < 0 ? 1 : Integer.MAX_VALUE;
        }
        return !wanted.words().startsWith("HTTP/1.0") && !wanted.words().contains("Connection: close");
    }

    static Stream<Arguments> cases() {
        return CASES.stream().flatMap(one -> Stream.of(Arguments.of(one, "tcp"), Arguments.of(one, "unix")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theAnswerIsTheSameWhereverItIsSplit(Case wanted, String transport) throws Exception {
        AnsweringBackend backend = both.use(transport);
        int before = backend.connections();
        try (Wire client = both.connect()) {
            for (int split = -1; split <= wanted.words().length(); split++) {
                client.send(wanted.method() + " /" + wanted.name() + "/" + split + " HTTP/1.1\r\nHost: shop\r\n\r\n");

                ClientAnswer answer = ClientAnswer.read(client, wanted.method().equals("HEAD"));

                assertThat(answer.status()).as("status when split at %s", split).isEqualTo(wanted.status());
                assertThat(answer.body()).as("body when split at %s", split).isEqualTo(wanted.body());
                assertThat(answer.complete())
                        .as("complete when split at %s", split)
                        .isTrue();
                assertThat(answer.interim() + answer.head() + answer.trailers()).contains(wanted.more());
            }
        }
        boolean reusable = answerKeepsItsConnection(wanted);
        assertThat(backend.connections() - before)
                .as("connections for %s answers", wanted.words().length() + 2)
                .isLessThanOrEqualTo(reusable ? 2 : wanted.words().length() + 2);
        assertThat(backend.failures()).isEmpty();
    }

    private static boolean answerKeepsItsConnection(Case wanted) {
        return !wanted.name().equals("close") && !wanted.name().equals("http-1.0");
    }
}
