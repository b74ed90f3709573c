package marina.navigator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file for Navigator: how often a tenant is asked, and what its clients get when it answers badly, late or much. */
class AttemptsTest {
    @TempDir
    private static Path base;

    private static MarinaUnderTest marina;

    @BeforeAll
    static void start() {
        marina = new NavigatorBed(base)
                .navigator("server: {listen: LISTEN}\napplications:\n" + NavigatorBed.NODE
                        + "  tenants: [{path: /one/, framework: node}]\n")
                .start();
        assertThat(marina.get("/one/x").statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        marina.close();
    }

    /** The methods of the requests that the tenant has seen meanwhile. */
    private static String asked(String before) {
        return marina.get("/one/asked").body().substring(before.length()).strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE"})
    void anAnswerIsTheAnswerWhateverItSays(String method) {
        for (int status : new int[] {404, 500, 502, 503}) {
            String before = marina.get("/one/asked").body();
            assertThat(RawClient.status(marina.uri("/"), method, "/one/status?code=" + status, "Content-Length: 0"))
                    .isEqualTo(status);
            assertThat(asked(before)).isEqualTo(method);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void whatMustNotBeRepeatedIsAskedOnceAlsoWithoutAnAnswer(String method) {
        String before = marina.get("/one/asked").body();
        long begin = System.nanoTime();
        assertThat(RawClient.status(marina.uri("/"), method, "/one/drop", "Content-Length: 0"))
                .isEqualTo(502);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(asked(before)).isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE"})
    void whatMayBeRepeatedIsAskedTwiceAtMost(String method) {
        // There once. A connection that is kept may have ended before the request came, and RFC 9110 section 9.2.2
        // names
        // these methods for that; with a body they are asked once.
        String before = marina.get("/one/asked").body();
        assertThat(RawClient.status(marina.uri("/"), method, "/one/drop")).isEqualTo(502);
        assertThat(asked(before).split(" ", -1)).hasSizeLessThanOrEqualTo(2).containsOnly(method);
    }

    @Test
    void aBodyIsSentOnce() {
        String before = marina.get("/one/asked").body();
        String request = "PUT /one/drop HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
        assertThat(RawClient.status(RawClient.exchange(marina.uri("/"), request)))
                .isEqualTo(502);
        assertThat(asked(before)).isEqualTo("PUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2500000", "65536,102400", "0", "1,1,1"})
    void answersArriveWhole(String bytes) {
        HttpResponse<String> answer = marina.get("/one/size?bytes=" + bytes);
        int whole = 0;
        for (String piece : bytes.split(",", -1)) {
            whole += Integer.parseInt(piece);
        }
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSize(whole);
    }

    @Test
    void aSlowAnswerIsWaitedFor() {
        assertThat(marina.get("/one/slow?ms=2000").statusCode()).isEqualTo(200);
    }
}
