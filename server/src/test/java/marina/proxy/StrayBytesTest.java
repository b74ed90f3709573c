package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a backend says after its answer reaches nobody: the next request has another connection. */
@SuppressWarnings("NullAway.Init")
class StrayBytesTest {

    private static final String EVIL = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

    private static AnsweringBackend backend;
    private static Front front;

    @BeforeAll
    static void startServers() throws Exception {
        backend = AnsweringBackend.onTcp(StrayBytesTest::answer);
        front = Front.to(backend.target(), ForwardTimeouts.DEFAULT);
    }

    @AfterAll
    static void stopServers() throws Exception {
        front.close();
        backend.close();
    }

    private static boolean answer(String head, AnsweringBackend.Line line) throws IOException {
        line.send(
                switch (head.split("[ /]", 4)[2]) {
                    case "length" -> GOOD + EVIL;
                    case "short" -> "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood, and more than was said";
                    case "chunks" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n"
                            + EVIL;
                    case "nothing" -> "HTTP/1.1 204 No Content\r\n\r\n" + EVIL;
                    case "same" -> "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil" + EVIL;
                    case "head" -> "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil" + EVIL;
                    case "line" -> GOOD + "\r\n" + EVIL;
                    default -> GOOD;
                });
        return true;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, length, 200, good",
        "GET, short, 200, good",
        "GET, chunks, 200, good",
        "GET, nothing, 204, ''",
        "GET, same, 304, ''",
        "HEAD, head, 200, ''",
        "GET, line, 200, good",
    })
    void theNextClientNeverSeesThem(String method, String path, int status, String body) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Wire client = front.connect();
                    Wire next = front.connect()) {
                client.send(method + " /" + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");
                ClientAnswer answer = ClientAnswer.read(client, method.equals("HEAD"));
                next.send("GET /next HTTP/1.1\r\nHost: shop\r\n\r\n");
                ClientAnswer other = ClientAnswer.read(next, false);

                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.body()).isEqualTo(body);
                assertThat(other.status()).isEqualTo(200);
                assertThat(other.body()).isEqualTo("good");
                client.send("GET /next HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
                assertThat(client.rest()).endsWith("good").doesNotContain("evil");
            }
        }
        assertThat(backend.failures()).isEmpty();
    }

    /** Nobody has asked for anything on such a connection. */
    @Test
    void aPooledConnectionThatSaysSomethingIsClosed() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedBackend talker = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send(GOOD);
                    if (connection == 1) {
                        answered.await(5, TimeUnit.SECONDS);
                        wire.send(EVIL);
                        if (wire.closedByPeer()) {
                            closed.countDown();
                        }
                    }
                });
                Front before = Front.to(talker.port());
                Wire client = before.connect()) {
            client.send("GET /first HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(ClientAnswer.read(client, false).body()).isEqualTo("good");
            Front.soon("the exchange ends", before::allExchangesEnded);

            answered.countDown();
            assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
            client.send("GET /second HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(ClientAnswer.read(client, false).body()).isEqualTo("good");
            assertThat(talker.connections()).isEqualTo(2);
        }
    }
}
