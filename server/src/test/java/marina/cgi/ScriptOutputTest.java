package marina.cgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts print, right or wrong, and what clients get of it. */
class ScriptOutputTest {
    @TempDir
    private Path base;

    private ScriptsUnderTest scripts;
    private MarinaUnderTest marina;

    @BeforeEach
    void start() {
        scripts = new ScriptsUnderTest(base)
                .sh("run.sh", "eval \"$(cat \"cases/${PATH_INFO#/}\")\"\n")
                .sh(
                        "other.sh",
                        "printf 'Content-Type: text/plain\\n\\n%s %s?%s' $REQUEST_METHOD \"$PATH_INFO\" $QUERY_STRING\n");
        marina = scripts.start(
                """
                contexts:
                  /x: { cgi: { script: cgi/run.sh, directory: . } }
                  /other: { cgi: cgi/other.sh }
                """);
    }

    @AfterEach
    void stop() {
        marina.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            textBlock =
                    """
            printf 'Content-Type: text/plain\\n\\nhello'                             ~ 200 ~ hello
            printf 'Content-Type: text/plain\\r\\n\\r\\nhello'                       ~ 200 ~ hello
            printf 'content-type: text/plain\\nStatus: 404 Not Found\\n\\nnone'      ~ 404 ~ none
            printf 'Status: 404 Not Found\\n\\n'                                     ~ 404 ~ ''
            printf 'Status: 299\\nX: y\\n\\nhello'                                   ~ 299 ~ hello
            printf 'Status: 204\\nContent-Length: 5\\n\\nhello'                      ~ 204 ~ ''
            printf 'Content-Type: a/b\\nContent-Length: 3\\n\\nhello'                ~ 200 ~ hel
            printf 'Content-Type: a/b\\nTransfer-Encoding: chunked\\n\\nhello'       ~ 200 ~ hello
            printf 'Content-Type: a/b\\nConnection: upgrade\\nUpgrade: x\\n\\nhello' ~ 200 ~ hello
            printf 'Content-Type: a/b\\n\\nhello'; exit 3                            ~ 200 ~ hello
            printf 'Location: http://a.test/\\n\\n'                                  ~ 302 ~ ''
            printf 'Location: /other/x\\nSet-Cookie: a=b\\n\\n'                      ~ 302 ~ ''
            printf 'Status: 303\\nLocation: /other/x\\n\\n'                          ~ 303 ~ ''
            printf 'Location: /other/a%%20b?c=d\\n\\n'                               ~ 200 ~ GET /a b?c=d
            printf 'Location: /none\\n\\n'                                           ~ 404 ~
            printf 'Location: /x/loop\\n\\n'                                         ~ 502 ~
            printf 'Location: /x/%%2e%%2e/%%2e%%2e/y\\n\\n'                          ~ 502 ~
            printf 'Location: /x/%%00\\n\\n'                                         ~ 502 ~
            true                                                                     ~ 502 ~
            exit 1                                                                   ~ 502 ~
            kill -9 $$                                                               ~ 502 ~
            echo oops >&2; exit 1                                                    ~ 502 ~
            echo hello                                                               ~ 502 ~
            printf '\\nhello'                                                        ~ 502 ~
            printf 'Content-Type: text/plain\\n'                                     ~ 502 ~
            printf 'Content-Type: text/plain'                                        ~ 502 ~
            printf 'X: y\\n\\nhello'                                                 ~ 502 ~
            printf 'HTTP/1.1 200 OK\\nContent-Type: a/b\\n\\nhello'                  ~ 502 ~
            printf 'Content-Type: a/b\\nno colon\\n\\nhello'                         ~ 502 ~
            printf 'Content-Type: a/b\\n folded: x\\n\\nhello'                       ~ 502 ~
            printf 'Content-Type : a/b\\n\\nhello'                                   ~ 502 ~
            printf ': a\\nContent-Type: a/b\\n\\nhello'                              ~ 502 ~
            printf 'Content-Type: a/b\\nX: \\000\\n\\nhello'                         ~ 502 ~
            printf 'Content-Type: a/b\\nX: a\\rY: b\\n\\nhello'                      ~ 502 ~
            printf 'Content-Type: a/b\\nContent-Type: a/c\\n\\nhello'                ~ 502 ~
            printf 'Status: 200\\nStatus: 404\\n\\nhello'                            ~ 502 ~
            printf 'Status: 101\\n\\nhello'                                          ~ 502 ~
            printf 'Status: 2000\\n\\nhello'                                         ~ 502 ~
            printf 'Status: fine\\n\\nhello'                                         ~ 502 ~
            printf 'Status: 200\\nContent-Length: five\\n\\nhello'                   ~ 502 ~
            printf 'Status: 200\\nContent-Length: -5\\n\\nhello'                     ~ 502 ~
            head -c 40000 /dev/zero | tr '\\0' x                                     ~ 502 ~
            yes 'X: y' | head -n 20000                                               ~ 502 ~
            exec 2>&1; cat /nowhere                                                  ~ 502 ~
            """)
    void anAnswerOrACleanRefusal(String script, int status, String body) {
        MarinaUnderTest.write(base, "cases/case", script);
        MarinaUnderTest.write(base, "cases/loop", "printf 'Location: /x/loop\\n\\n'");

        String answer = RawClient.get(marina.uri(""), "/x/case");

        assertThat(RawClient.status(answer)).as(answer).isEqualTo(status);
        if (body != null) {
            assertThat(ScriptsUnderTest.body(answer)).isEqualTo(body);
        }
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).doesNotContain("upgrade", "exception", "marina.");
    }

    @Test
    void fieldsAreSetAsTheScriptSaysAndNothingElseIs() {
        MarinaUnderTest.write(
                base,
                "cases/case",
                "printf 'Content-Type: text/plain\\nSet-Cookie: a=1\\nSet-Cookie: b=2\\nX-Sendfile: /etc/passwd\\n"
                        + "Date: Thu, 01 Jan 1970 00:00:00 GMT\\nX-Name: \\303\\274\\n\\nx'");

        String answer = RawClient.get(marina.uri(""), "/x/case");

        assertThat(answer)
                .contains("Set-Cookie: a=1\r\n", "Set-Cookie: b=2\r\n", "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
                .contains("X-Name: \u00c3\u00bc\r\n")
                .doesNotContain("Sendfile", "Status:");
    }

    @Test
    void headGetsTheHeadOnly() {
        MarinaUnderTest.write(base, "cases/plain", "printf 'Content-Type: text/plain\\nX: y\\n\\nhello'");
        MarinaUnderTest.write(base, "cases/long", "printf 'Content-Type: a/b\\nContent-Length: 5\\n\\nhello'");

        String plain = RawClient.exchange(marina.uri(""), "HEAD", "/x/plain");
        String length = RawClient.exchange(marina.uri(""), "HEAD", "/x/long");

        assertThat(plain).startsWith("HTTP/1.1 200").contains("X: y\r\n").endsWith("\r\n\r\n");
        assertThat(length)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Length: 5\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void anAnswerThatIsTooShortDoesNotLookComplete() {
        MarinaUnderTest.write(base, "cases/short", "printf 'Content-Type: a/b\\nContent-Length: 9\\n\\nhello'");
        MarinaUnderTest.write(base, "cases/crash", "printf 'Content-Type: a/b\\n\\nhello'; kill -SEGV $$");

        assertThat(RawClient.get(marina.uri(""), "/x/short")).endsWith("\r\n\r\nhello");
        assertThat(RawClient.get(marina.uri(""), "/x/crash")).contains("hello").doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void theAnswerOfAnotherPathIsCompressedOnce() throws Exception {
        MarinaUnderTest.write(base, "cases/long", "printf 'Content-Type: text/plain\\n\\n'; head -c 5000 cases/text");
        MarinaUnderTest.write(base, "cases/text", "0123456789".repeat(500));
        MarinaUnderTest.write(base, "cases/there", "printf 'Location: /x/long\\n\\n'");

        HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(marina.uri("/x/there"))
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        BodyHandlers.ofInputStream());

        assertThat(answer.headers().allValues("Content-Encoding")).containsExactly("gzip");
        assertThat(new java.util.zip.GZIPInputStream(answer.body()).readAllBytes())
                .hasSize(5000);
    }

    @Test
    void aScriptThatHasGoneIsABadGateway() throws Exception {
        Files.delete(base.resolve("cgi/other.sh"));

        assertThat(marina.get("/other/").statusCode()).isEqualTo(502);
    }

    @Test
    void eventsArriveOneByOne() throws Exception {
        MarinaUnderTest.write(
                base,
                "cases/events",
                """
                printf 'Content-Type: text/event-stream\\n\\n'
                for i in 1 2 3; do
                  while [ ! -e go$i ]; do sleep 0.02; done
                  printf 'data: %s\\n\\n' $i
                done
                """);
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<InputStream> events = client.send(
                HttpRequest.newBuilder(marina.uri("/x/events"))
                        .header("Accept-Encoding", "gzip")
                        .build(),
                BodyHandlers.ofInputStream());

        for (int i = 1; i <= 3; i++) {
            MarinaUnderTest.write(base, "go" + i, "");
            byte[] event = events.body().readNBytes(9);
            assertThat(new String(event, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("data: " + i + "\n\n");
        }
        assertThat(events.body().readAllBytes()).isEmpty();
    }

    @Test
    void aLargeAnswerIsNotKeptInMemory() throws Exception {
        MarinaUnderTest.write(
                base, "cases/large", "printf 'Content-Type: a/b\\n\\n'; head -c 200000000 /dev/zero; echo done > done");
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<InputStream> answer =
                client.send(HttpRequest.newBuilder(marina.uri("/x/large")).build(), BodyHandlers.ofInputStream());

        answer.body().readNBytes(1_000);
        // While nobody reads, the script stands still: what has been printed is not collected anywhere.
        await().during(java.time.Duration.ofMillis(500)).until(() -> !Files.exists(base.resolve("done")));
        long rest = 0;
        byte[] buffer = new byte[1 << 16];
        for (int count = answer.body().read(buffer);
                count >= 0;
                count = answer.body().read(buffer)) {
            rest += count;
        }

        assertThat(rest).isEqualTo(200_000_000 - 1_000);
        assertThat(base.resolve("done")).exists();
    }

    @Test
    void whoKeepsTheOutputOpenDoesNotKeepTheClientWaiting() {
        MarinaUnderTest.write(
                base, "cases/child", "printf 'Content-Type: a/b\\n\\nhello'; sleep 300 & echo $! > child.pid");
        MarinaUnderTest.write(
                base,
                "cases/stranger",
                "printf 'Content-Type: a/b\\n\\nhello'; env -i setsid /bin/sleep 300 2>/dev/null & echo $! > stranger.pid; sleep 0.3");

        assertThat(ScriptsUnderTest.body(RawClient.get(marina.uri(""), "/x/child")))
                .isEqualTo("hello");
        await().until(() -> !ScriptsUnderTest.isAlive(scripts.pid("child.pid")));
        assertThat(ScriptsUnderTest.body(RawClient.get(marina.uri(""), "/x/stranger")))
                .isEqualTo("hello");
        ProcessHandle.of(scripts.pid("stranger.pid")).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aScriptMayGoOnAfterItsAnswer() {
        MarinaUnderTest.write(
                base,
                "cases/late",
                "printf 'Content-Type: a/b\\n\\nhello'; exec >&-; while [ ! -e go ]; do sleep 0.05; done; echo > done");

        assertThat(ScriptsUnderTest.body(RawClient.get(marina.uri(""), "/x/late")))
                .isEqualTo("hello");
        assertThat(base.resolve("done")).doesNotExist();
        MarinaUnderTest.write(base, "go", "");
        await().until(() -> Files.exists(base.resolve("done")));
    }

    @Test
    void whatItComplainsOfIsInTheLogOfTheContext() {
        MarinaUnderTest.write(base, "cases/err", "echo 'a complaint' >&2; printf 'Content-Type: a/b\\n\\nhello'");

        RawClient.get(marina.uri(""), "/x/err");

        await().until(() -> Files.exists(base.resolve("logs/contexts/x.log")));
        await().untilAsserted(
                        () -> assertThat(marina.read("logs/contexts/x.log")).contains(" err a complaint"));
        assertThat(marina.status("/x").state()).isEqualTo("ready");
    }
}
