package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import marina.config.EeLevel;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import marina.testing.TestMember;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short requests of a WAR are served by the thread that has read them; whatever they do, nobody else notices. */
@SuppressWarnings("NullAway.Init")
class ShortRequestsTest {
    private static final String SERVLET =
            """
            String what = String.valueOf(q.getQueryString());
            java.nio.file.Path home = java.nio.file.Path.of(getServletContext().getInitParameter("HOME"));
            if (what.equals("wait")) while (!java.nio.file.Files.exists(home.resolve("go"))) Thread.sleep(5);
            if (what.equals("interrupt")) Thread.currentThread().interrupt();
            if (what.equals("keep")) new ThreadLocal<Object>().set(this);
            if (q.getMethod().equals("POST")) what = new String(q.getInputStream().readAllBytes());
            boolean selects = Arrays.stream(new Throwable().getStackTrace()).anyMatch(f -> f.getMethodName().equals("onSelected")
                || f.getClassName().contains("AdaptiveExecutionStrategy"));
            if (what.equals("large")) { a.setContentLength(8_000_000); a.getOutputStream().write(new byte[8_000_000]); }
            else a.getWriter().print(what + (selects ? " by the selector" : " by another"));
            """;

    private static final int ENOUGH = 20_000;

    @TempDir
    private Path base;

    private TestMember backend;
    private MarinaUnderTest marina;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(base.resolve("webapps"));
        Path archive = new TestWar(EeLevel.EE10, base)
                .type("app.Do", TestWar.servlet(SERVLET))
                .pack("short.war");
        Files.move(archive, base.resolve("webapps/short.war"));
        backend = new TestMember("backend");
        marina = MarinaUnderTest.start(
                base,
                """
                defaults: { page_after: 60s }
                contexts:
                  /short: { war: short.war, env: { HOME: "%s" } }
                  /proxied: { upstream: "%s" }
                """
                        .formatted(base, backend.url()));
        client = new RawClient(marina.uri(""));
    }

    @AfterEach
    void stop() throws Exception {
        Files.writeString(base.resolve("go"), "");
        client.close();
        marina.close();
        backend.close();
    }

    private static String get(RawClient client, String target) {
        return client.send(request(target)).answer();
    }

    private static String request(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
    }

    /** Until the WAR has shown often enough that it is quick. */
    private void earnTrust() {
        String answer = "";
        for (int i = 0; i < ENOUGH && !answer.contains("by the selector"); i++) {
            answer = get(client, "/short/do");
        }
        assertThat(answer).contains("by the selector");
    }

    @Test
    void oneWhoseRequestsAreShortNeedsNoOtherThread() {
        assertThat(get(client, "/short/do")).contains("by another");

        earnTrust();

        assertThat(get(client, "/short/do")).contains("by the selector");
        assertThat(get(client, "/proxied/")).contains("backend");
    }

    @Test
    void whenAllRequestsBlockAtOnceOthersAreAnswered() throws Exception {
        earnTrust();
        List<RawClient> others = clients(8);
        List<RawClient> waiting = clients(250);
        others.forEach(other -> assertThat(get(other, "/proxied/")).contains("backend"));
        waiting.forEach(each -> assertThat(get(each, "/short/do")).contains("200 OK"));

        waiting.forEach(each -> each.send(request("/short/do?wait")));

        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            others.forEach(other -> assertThat(get(other, "/proxied/")).contains("backend"));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        Files.writeString(base.resolve("go"), "");
        waiting.forEach(each -> assertThat(each.answer()).contains("200 OK", "wait by"));
        assertThat(get(client, "/short/do")).contains("200 OK");
        closeAll(others, waiting);
    }

    @Test
    void oneThatHoldsUpTheSelectorIsRelieved() throws Exception {
        earnTrust();
        List<RawClient> others = clients(8);
        others.forEach(other -> assertThat(get(other, "/proxied/")).contains("backend"));

        client.send(request("/short/do?wait")); // nobody expects that of this one

        others.forEach(other -> assertThat(get(other, "/short/do")).contains("200 OK"));
        others.forEach(other -> assertThat(get(other, "/proxied/")).contains("backend"));
        Files.writeString(base.resolve("go"), "");
        assertThat(client.answer()).contains("wait by the selector");
        assertThat(get(client, "/short/do")).contains("200 OK");
        closeAll(others);
    }

    @Test
    void aBodyThatComesSlowlyAndAClientThatReadsSlowlyHoldUpNobody() {
        earnTrust();
        try (RawClient other = new RawClient(marina.uri(""))) {
            client.send("POST /short/do HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhal");
            assertThat(get(other, "/short/do")).contains("200 OK");
            client.send("lo");
            assertThat(client.answer()).contains("hallo by another");

            client.send(request("/short/do?large"));
            assertThat(get(other, "/short/do")).contains("200 OK");
            assertThat(client.answer()).hasSizeGreaterThan(8_000_000);
        }
    }

    @Test
    void requestsInOnePacketAreAnsweredInTheirOrder() {
        earnTrust();

        client.send(request("/short/do?a") + request("/proxied/") + request("/short/do?b") + request("/short/do?c"));

        assertThat(client.answer()).contains("a by");
        assertThat(client.answer()).contains("backend");
        assertThat(client.answer()).contains("b by");
        assertThat(client.answer()).contains("c by");
    }

    @Test
    void anInterruptStaysWithTheRequestThatHasCausedIt() {
        earnTrust();
        List<RawClient> others = clients(4);

        for (int i = 0; i < 50; i++) {
            assertThat(get(client, "/short/do?interrupt")).contains("200 OK");
            others.forEach(other -> assertThat(get(other, "/short/do")).contains("200 OK"));
        }
        closeAll(others);
    }

    @Test
    void whatItLeavesInThreadsOfSelectorsGoesWithIt() throws Exception {
        earnTrust();
        List<RawClient> others = clients(8);
        for (int i = 0; i < 50; i++) {
            others.forEach(other -> assertThat(get(other, "/short/do?keep")).contains("200 OK"));
        }

        assertThat(marina.reload("contexts: { /proxied: { upstream: \"" + backend.url() + "\" } }\n")
                        .succeeded())
                .isTrue();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(marina.server().findLeaks()).isEmpty());
        closeAll(others);
    }

    @Test
    void toolsOfJmxSeeHowManyMayRun() throws Exception {
        ObjectName threads = marina.mbeans()
                .queryNames(new ObjectName("marina.worker:type=warthreads,*"), null)
                .iterator()
                .next();

        assertThat(marina.mbeans().getAttribute(threads, "most")).isEqualTo(200);
        assertThat(marina.mbeans().getAttribute(threads, "waiting")).isEqualTo(0);
    }

    private List<RawClient> clients(int number) {
        return new ArrayList<>(IntStream.range(0, number)
                .mapToObj(i -> new RawClient(marina.uri("")))
                .toList());
    }

    @SafeVarargs
    private static void closeAll(List<RawClient>... groups) {
        for (List<RawClient> group : groups) {
            group.forEach(RawClient::close);
        }
    }
}
