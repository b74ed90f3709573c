package marina.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of HTTP/2 sees of a backend's answer, and of its failure: the same, and never half of it that looks whole. */
class AnswersOverHttp2Test {
    private final HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));

    @BeforeEach
    void start() throws Exception {
        http.start();
    }

    @AfterEach
    void stop() throws Exception {
        http.stop();
    }

    @Test
    void nobodyListens() throws Exception {
        try (Front front = Front.to(JettyBackend.unusedPort())) {
            assertThat(http.GET(front.uri("/")).getStatus()).isEqualTo(502);
        }
    }

    @Test
    void silence() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.rest();
                    left.countDown();
                });
                Front front =
                        Front.to(ForwardTarget.to(Front.uri(backend.port())), FailingBackendTest.shortTimeouts())) {
            assertThat(http.GET(front.uri("/")).getStatus()).isEqualTo(504);
            assertThat(left.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
            })
    void theEndInMidAnswer(String words) throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.answering(words);
                Front front = Front.to(backend.port())) {
            assertThatThrownBy(() -> http.GET(front.uri("/"))).isInstanceOf(ExecutionException.class);
            Front.soon("the exchange ends", front::allExchangesEnded);
        }
    }

    @Test
    void silenceInMidAnswer() throws Exception {
        TargetTimeouts impatient = new TargetTimeouts(Duration.ZERO, Duration.ZERO, Duration.ofMillis(300));
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
                    wire.rest();
                });
                Front front = Front.to(target(backend, impatient), ForwardTimeouts.DEFAULT)) {
            assertThatThrownBy(() -> http.GET(front.uri("/"))).isInstanceOf(ExecutionException.class);
            Front.soon("the exchange ends", front::allExchangesEnded);
        }
    }

    @Test
    void interimAnswersAndTrailersReachAClientOfHttp2() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    assertThat(wire.head().toLowerCase(Locale.ENGLISH)).contains("te: trailers");
                    for (String link : List.of("</a.css>", "</b.css>")) {
                        wire.send("HTTP/1.1 103 Early Hints\r\nLink: " + link + "\r\n\r\n");
                    }
                    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n");
                    wire.send("2\r\nok\r\n0\r\nX-End: yes\r\n\r\n");
                });
                Front front = Front.to(backend.port())) {
            CompletableFuture<String> trailers = new CompletableFuture<>();
            ContentResponse answer = http.newRequest(front.uri("/"))
                    .headers(fields -> fields.put("TE", "trailers"))
                    .onResponseSuccess(response -> trailers.complete(String.valueOf(response.getTrailers())))
                    .send();

            assertThat(answer.getContentAsString()).isEqualTo("ok");
            assertThat(trailers.get(5, TimeUnit.SECONDS)).containsIgnoringCase("X-End: yes");
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void aBodyThatNobodyWantsIsRefusedOverHttp2() throws Exception {
        CompletableFuture<String> after = new CompletableFuture<>();
        try (ScriptedBackend backend = ScriptedBackend.serving((wire, connection) -> {
                    wire.head();
                    wire.send("HTTP/1.1 401 Who\r\nContent-Length: 2\r\n\r\nno");
                    after.complete(wire.rest());
                });
                Front front = Front.to(backend.port())) {
            CompletableFuture<Integer> status = new CompletableFuture<>();
            http.POST(front.uri("/"))
                    .headers(fields -> fields.put("Expect", "100-continue"))
                    .body(new StringRequestContent("body"))
                    .onResponseBegin(response -> status.complete(response.getStatus()))
                    .send(result -> {});

            assertThat(status.get(5, TimeUnit.SECONDS)).isEqualTo(401);
            Front.soon("the exchange ends", front::allExchangesEnded);
            assertThat(after.get(5, TimeUnit.SECONDS).replace("<reset>", "")).isEmpty();
        }
    }

    private static ForwardTarget target(ScriptedBackend backend, TargetTimeouts timeouts) {
        return ForwardTarget.to(Front.uri(backend.port()))
                .with(new ForwardPolicy(timeouts, NamedFiles.NONE, FieldRules.NONE));
    }
}
