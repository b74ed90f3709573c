package marina.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console hears while it is open: it ends with the login that it was opened with. */
class EventStreamsEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String USERS = "users: { sam: { password: '%s', roles: %s } }\n";
    private static final String SECRET = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";
    private static final String TEST = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";

    @TempDir
    Path base;

    private final ExecutorService reader = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        reader.shutdownNow();
    }

    /** Reads to the end of the answer; completes when the server ends it. */
    private Future<String> listen(AdminBed bed, String path, String field, RawClient client) throws IOException {
        client.send("GET " + path + " HTTP/1.1\r\nHost: " + bed.uri("/").getAuthority() + "\r\n" + field
                + "\r\nConnection: close\r\n\r\n");
        StringBuilder head = new StringBuilder();
        while (!head.toString().contains("retry: 2000")) {
            int next = client.input().read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        assertThat(head).startsWith("HTTP/1.1 200 ").contains("text/event-stream");
        return reader.submit(client::rest);
    }

    private void endsAfter(Future<String> stream, Runnable change) {
        assertThat(stream.isDone()).isFalse();
        change.run();
        await().atMost(PATIENCE).until(stream::isDone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/events", "/api/v1/logs/stream?server=true"})
    void aLogoutEndsThem(String path) throws Exception {
        try (AdminBed bed = new AdminBed(base, "");
                RawClient client = new RawClient(bed.uri("/"))) {
            HttpResponse<String> login = bed.login("gui", AdminBed.PASSWORD);
            String cookie = AdminBed.cookie(login);
            String csrf = String.valueOf(AdminBed.json(login).get("csrf"));
            Future<String> stream = listen(bed, path, "Cookie: " + cookie, client);
            endsAfter(stream, () -> assertThat(
                            bed.send("POST", "/api/v1/logout", "", "Cookie", cookie, Console.CSRF, csrf)
                                    .statusCode())
                    .isEqualTo(200));
        }
    }

    /** Streams ask for this; a minute is the least that can be configured, which is too long to wait for. */
    @Test
    void aSessionIsOverAfterAWhileHoweverOftenThatIsAsked() {
        AtomicReference<Duration> idle = new AtomicReference<>(Duration.ofHours(1));
        ConsoleSessions sessions = new ConsoleSessions(idle::get);
        ConsoleSessions.Session session = sessions.begin("sam", "mark");
        assertThat(sessions.isAlive(session)).isTrue();
        idle.set(Duration.ofMillis(300));
        await().atMost(PATIENCE).until(() -> !sessions.isAlive(session));
        assertThat(sessions.find(session.id())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cookie", "password"})
    void anotherPasswordAndFewerRolesEndThem(String way) throws Exception {
        try (AdminBed bed = new AdminBed(base, "");
                RawClient first = new RawClient(bed.uri("/"));
                RawClient second = new RawClient(bed.uri("/"))) {
            String basic = "Authorization: " + AdminBed.basic("sam", AdminBed.PASSWORD);
            boolean cookie = way.equals("cookie");
            String field = cookie ? "Cookie: " + AdminBed.cookie(bed.login("sam", AdminBed.PASSWORD)) : basic;
            endsAfter(
                    listen(bed, "/api/v1/events", field, first),
                    () -> MarinaUnderTest.write(base, "conf/users.yml", USERS.formatted(SECRET, "manager-status")));
            String again = cookie ? "Cookie: " + AdminBed.cookie(bed.login("sam", AdminBed.PASSWORD)) : basic;
            endsAfter(
                    listen(bed, "/api/v1/events", again, second),
                    () -> MarinaUnderTest.write(base, "conf/users.yml", USERS.formatted(TEST, "manager-status")));
        }
    }

    @Test
    void whoMayStayGoesOnHearing() throws Exception {
        try (AdminBed bed = new AdminBed(base, "");
                RawClient client = new RawClient(bed.uri("/"))) {
            String cookie = AdminBed.cookie(bed.login("gui", AdminBed.PASSWORD));
            Future<String> stream = listen(bed, "/api/v1/events", "Cookie: " + cookie, client);
            await().during(Duration.ofSeconds(5)).atMost(PATIENCE).until(() -> !stream.isDone());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/events", "/api/v1/logs/stream?server=true"})
    void onlyTheHeadIsAnAnswerByItself(String path) {
        try (AdminBed bed = new AdminBed(base, "")) {
            String answer = RawClient.exchange(
                    bed.uri("/"),
                    "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                            + AdminBed.basic("sam", AdminBed.PASSWORD) + "\r\n\r\nGET /nothing HTTP/1.1\r\n"
                            + "Host: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer)
                    .contains("HTTP/1.1 200 ", "text/event-stream", "HTTP/1.1 404 ")
                    .doesNotContain("retry:");
        }
    }
}
