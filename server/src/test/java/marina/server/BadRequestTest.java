package marina.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two readers could frame in two ways reaches no backend, and nothing behind it on the same connection is read. */
@SuppressWarnings("NullAway.Init")
class BadRequestTest {
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";

    @TempDir
    private static Path base;

    private static HeadEcho echo;
    private static MarinaUnderTest marina;
    private static URI server;

    @BeforeAll
    static void start() throws Exception {
        echo = new HeadEcho("echo");
        marina = MarinaUnderTest.start(base, "contexts: { /: { upstream: \"" + echo.url() + "\" } }\n");
        server = marina.uri("");
    }

    @AfterAll
    static void stop() {
        marina.close();
        echo.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5, 6",
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: +5",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 99999999999999999999",
                "Content-Length:",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding\t: chunked",
                "Transfer-Encoding:\r\n chunked",
                "X: a\r\n b",
                "X: a\nTransfer-Encoding: chunked",
                "X: a\rTransfer-Encoding: chunked",
                "X: a\u0000b",
                "X\u0000: a",
                "X(: a",
                " X: a",
                ": a",
                "no colon",
            })
    void headsOfTwoMeaningsAreRefused(String fields) {
        int before = echo.heads().size();

        String answer =
                RawClient.exchange(server, "POST / HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n\r\n0\r\n\r\n" + NEXT);

        assertThat(RawClient.status(answer)).isEqualTo(400);
        assertThat(answer).doesNotContain("HTTP/1.1 200").doesNotContainIgnoringCase("jetty");
        assertThat(echo.heads()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: shop\n\n",
                "GET / HTTP/1.1\r\nHost: shop\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop\r\n\n",
                "GET\t/ HTTP/1.1\r\nHost: shop\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: shop\r\n\r\n",
                "GET / HTTP/1.1 x\r\nHost: shop\r\n\r\n",
                "GET / x HTTP/1.1\r\nHost: shop\r\n\r\n",
                "GET / HTTP/3.7\r\nHost: shop\r\n\r\n",
                "G\u0000T / HTTP/1.1\r\nHost: shop\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: shop\r\n\r\n",
                "GET /\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
            })
    void requestLinesOfTwoMeaningsAreRefused(String head) {
        int before = echo.heads().size();

        String answer = RawClient.exchange(server, head + NEXT);

        assertThat(answer).doesNotContain("200 OK", "smuggled");
        assertThat(echo.heads()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x3\r\nabc\r\n",
                "-3\r\nabc\r\n",
                "+3\r\nabc\r\n",
                "3 3\r\nabc\r\n",
                "\r\nabc\r\n",
                "ffffffffffffffff3\r\nabc\r\n",
                "3\nabc\r\n",
                "3;a\nabc\r\n",
                "3\r\nabcd\r\n",
                "3\r\nabc\n",
                "3;a=\u0000\r\nabc\r\n",
            })
    void malformedChunksSmuggleNothing(String chunk) {
        String answer = RawClient.exchange(
                server,
                "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n" + NEXT);

        assertThat(answer).doesNotContain("GET /smuggled");
        assertThat(echo.heads()).noneMatch(head -> head.startsWith("GET /smuggled"));
    }

    @Test
    void chunkExtensionsAreNoBody() {
        String chunks = "3;name=value;x=\"a;b\"\r\nabc\r\n0\r\n\r\n";
        String answer = RawClient.exchange(
                server,
                "POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks);

        assertThat(RawClient.status(answer)).isEqualTo(200);
        assertThat(answer).doesNotContain("name=value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET  /x HTTP/1.1", "GET /x http/1.1"})
    void aSloppyRequestLineIsPassedOnInOneForm(String line) {
        String answer = RawClient.exchange(server, line + "\r\nHost: shop\r\nConnection: close\r\n\r\n");

        assertThat(answer).contains("\nGET /x HTTP/1.1\r\n");
    }

    @Test
    void anOverlongFieldNameIsRefused() {
        assertThat(RawClient.status(RawClient.get(server, "/", "x".repeat(20_000) + ": y")))
                .isEqualTo(431);
    }
}
