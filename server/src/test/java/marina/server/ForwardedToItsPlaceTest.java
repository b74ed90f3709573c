package marina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import marina.testing.FleetBed;
import marina.testing.HeadEcho;
import marina.testing.MarinaUnderTest;
import marina.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that Fly's proxy cannot bring to their place, and that are brought there all the same. */
@SuppressWarnings("NullAway.Init")
class ForwardedToItsPlaceTest {
    private static final long UPLOAD = 50L * 1024 * 1024;
    private static final Path APPS = Path.of("src/test/resources/apps").toAbsolutePath();

    private static final String CONTEXTS =
            """
            contexts:
              /syd: { command: "node APPS/app.js", region: syd }
              /chat: { command: "node APPS/chat.js", region: syd }
              /fra: { command: "node APPS/app.js", region: fra }
              /m3: { command: "node APPS/app.js", machine: m3 }
              /lobby: { command: "node APPS/chat.js" }
            """
                    .replace("APPS", APPS.toString());

    @TempDir
    private static Path base;

    private static FleetBed bed;
    private static HeadEcho flycast;
    private static MarinaUnderTest ewr;
    private static MarinaUnderTest proxying;
    private static MarinaUnderTest syd;

    @BeforeAll
    static void start() throws IOException {
        bed = new FleetBed(base);
        flycast = new HeadEcho("flycast");
        bed.dns()
                .ttl(300)
                .txt("vms.app.internal", "m1 ewr,m2 syd")
                .txt("all.vms.app.internal", "m1 ewr,m2 syd,m3 fra")
                .address("m2.vm.app.internal", "::ffff:127.0.0.1")
                .address("app.flycast", "127.0.0.1");
        syd = bed.onFly("m2", "syd", "fleet: { dns: { server: \"DNS\" } }\ntrusted_proxies: [loopback]\n" + CONTEXTS);
        String ways = "fleet: { dns: { server: \"DNS\", timeout: 5s }, port: " + FleetBed.port(syd) + ", flycast_port: "
                + URI.create(flycast.url()).getPort();
        ewr = bed.onFly("m1", "ewr", ways + " }\n" + CONTEXTS);
        proxying = bed.onFly("m1", "ewr", ways + ", transport: proxy }\n" + CONTEXTS);
        for (MarinaUnderTest machine : new MarinaUnderTest[] {ewr, proxying}) {
            var unused = machine.get("/syd/");
            await().untilAsserted(() -> assertThat(
                            machine.get("/fra/", "Expect-Nothing", "x").statusCode())
                    .isIn(307, 200));
        }
    }

    @AfterAll
    static void stop() {
        bed.close();
        flycast.close();
    }

    @Test
    void aLargeUploadIsStreamedToAMachineThatRuns() throws Exception {
        long before = usedMemory();
        AtomicLong most = new AtomicLong();
        HttpRequest request = HttpRequest.newBuilder(ewr.uri("/syd/upload"))
                .POST(HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofInputStream(() -> new Zeros(UPLOAD, most)), UPLOAD))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Long.toString(UPLOAD));
        assertThat(syd.status("/syd").state()).isEqualTo("ready");
        assertThat(ewr.status("/syd").state()).as("nothing is started here").isEqualTo("stopped");
        assertThat(usedMemory() - before).isLessThan(UPLOAD / 2);
        await().untilAsserted(() -> assertThat(bed.logged("POST /syd/upload"))
                .anyMatch(line -> line.endsWith(" fleet=proxy:syd:live"))
                .anyMatch(line -> line.endsWith(" fleet=serve")));
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aBodyOfUnknownLengthIsStreamedToo() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(ewr.uri("/syd/upload"))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Zeros(1000, new AtomicLong())))
                .build();

        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body())
                .isEqualTo("1000");
    }

    @Test
    void aSmallBodyIsReplayed() {
        assertThat(ewr.post("/syd/upload", "small").statusCode()).isEqualTo(307);
    }

    @Test
    void aMachineThatSleepsIsWokenThroughFlycast() {
        String answer = RawClient.exchange(
                ewr.uri(""),
                "POST /m3/upload?x=1 HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000001\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .contains("flycast\nPOST /m3/upload?x=1 HTTP/1.1\r\n", "\r\nHost: shop\r\n")
                .contains("\r\nFly-Force-Instance-Id: m3\r\n", "\r\nMarina-Hop: ");
        assertThat(RawClient.get(proxying.uri(""), "/fra/"))
                .contains("flycast\nGET /fra/ HTTP/1.1\r\n", "\r\nFly-Force-Region: fra\r\n");
    }

    @Test
    void aMachineThatIsForwardedToKnowsTheClient() {
        assertThat(proxying.get("/syd/x?y=z").body())
                .contains(
                        "\"url\":\"/syd/x?y=z\"", "\"x-forwarded-host\":\"127.0.0.1:" + FleetBed.port(proxying) + "\"");
    }

    @Test
    void aRequestThatIsForwardedAndWouldComeBackEnds() throws IOException {
        // syd believes that /lobby2 lives in ewr, ewr that it lives in syd.
        try (FleetBed other = new FleetBed(base.resolve("loop"))) {
            other.dns()
                    .txt("vms.app.internal", "m1 ewr,m2 syd")
                    .address("m1.vm.app.internal", "127.0.0.1")
                    .address("m2.vm.app.internal", "127.0.0.1");
            MarinaUnderTest there = other.onFly(
                    "m2",
                    "syd",
                    """
                    fleet: { dns: { server: "DNS", timeout: 5s }, transport: proxy }
                    contexts: { /x: { upstream: "http://127.0.0.1:1", region: ewr } }
                    """);
            MarinaUnderTest here = other.onFly(
                    "m1",
                    "ewr",
                    """
                    fleet: { dns: { server: "DNS", timeout: 5s }, transport: proxy, port: PORT }
                    contexts: { /x: { upstream: "http://127.0.0.1:1", region: syd } }
                    """
                            .replace("PORT", "" + FleetBed.port(there)));
            await().untilAsserted(() -> assertThat(here.get("/x/").statusCode()).isEqualTo(508));
            assertThat(FleetBed.count(there, "Loops")).isPositive();
            assertThat(other.logged("machines do not agree where /x/")).isNotEmpty();
        }
    }

    @Test
    void aWebSocketWithoutARegionFollowsTheCookieOfItsPage() throws Exception {
        HttpResponse<String> page = proxying.get("/chat/", "Accept", "text/html");
        String cookie = page.headers().firstValue("Set-Cookie").orElse("");
        assertThat(cookie).isEqualTo("marina_place=syd; Path=/; HttpOnly; SameSite=Lax");

        assertThat(talk(proxying, "/lobby/ws", "marina_place=syd")).isEqualTo("hello");
        assertThat(syd.status("/lobby").state()).as("answered there").isEqualTo("ready");
        assertThat(proxying.status("/lobby").state()).isEqualTo("stopped");
        assertThat(FleetBed.count(proxying, "Served")).isZero();

        assertThat(talk(proxying, "/lobby/ws", "marina_place=mars")).isEqualTo("hello");
        assertThat(proxying.status("/lobby").state())
                .as("a place that nobody knows")
                .isEqualTo("ready");
    }

    private static String talk(MarinaUnderTest machine, String path, String cookie) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Cookie", cookie)
                .connectTimeout(Duration.ofSeconds(20))
                .buildAsync(URI.create(machine.uri(path).toString().replace("http:", "ws:")), new WebSocket.Listener() {
                    @Override
                    @SuppressWarnings("NullAway") // null means that the text may go at once
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        heard.complete(data.toString());
                        return null;
                    }
                })
                .get(20, TimeUnit.SECONDS);
        socket.request(1);
        socket.sendText("hello", true).get(5, TimeUnit.SECONDS);
        String text = heard.get(10, TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
        return text;
    }

    @Test
    void pagesAndWhatTheyLoadAreToldApart() {
        String[] follows = {"Cookie", "marina_place=syd", "Accept", "*/*"};
        assertThat(ewr.get("/lobby/", follows).statusCode()).isEqualTo(307);
        assertThat(ewr.get("/lobby/", "Cookie", "marina_place=syd", "Sec-Fetch-Mode", "navigate")
                        .statusCode())
                .as("a person goes to the lobby")
                .isEqualTo(200);
        assertThat(ewr.get(
                                "/lobby/",
                                "Cookie",
                                "marina_place=syd",
                                "Referer",
                                ewr.uri("/lobby/").toString())
                        .statusCode())
                .as("the lobby loads something")
                .isEqualTo(200);
        assertThat(ewr.get("/lobby/", "Referer", ewr.uri("/syd/").toString()).statusCode())
                .as("a page of syd loads something")
                .isEqualTo(307);
        assertThat(ewr.get("/lobby/", "Referer", "http://elsewhere/syd/").statusCode())
                .isEqualTo(200);
        assertThat(ewr.get("/lobby/?_region=syd")
                        .headers()
                        .firstValue("fly-replay")
                        .orElse(""))
                .startsWith("region=syd;");
        assertThat(ewr.get("/lobby/?_region=lhr").statusCode()).isEqualTo(200);
        assertThat(ewr.get("/fra/?_region=syd")
                        .headers()
                        .firstValue("fly-replay")
                        .orElse(""))
                .as("the place of a context is no matter of opinion")
                .startsWith("region=fra;");
    }

    @Test
    void theHostTellsAPlaceWhereTheOperatorWantsThat() throws IOException {
        try (FleetBed other = new FleetBed(base.resolve("hosts"))) {
            other.dns().txt("vms.app.internal", "m1 ewr,m2 syd");
            MarinaUnderTest machine =
                    other.onFly("m1", "ewr", "fleet: { dns: { server: \"DNS\" }, locate: [host] }\n" + CONTEXTS);
            String request =
                    "GET /lobby/ HTTP/1.1\r\nHost: %s\r\nCookie: marina_place=syd\r\nConnection: close\r\n\r\n";

            assertThat(RawClient.exchange(machine.uri(""), String.format(request, "syd.example.com")))
                    .contains("\r\nfly-replay: region=syd;");
            assertThat(RawClient.status(
                            RawClient.exchange(machine.uri(""), String.format(request, "mars.example.com"))))
                    .isEqualTo(200);
        }
    }

    /** A body that exists only while it is sent. */
    private static final class Zeros extends InputStream {
        private long left;
        private final AtomicLong sent;

        Zeros(long length, AtomicLong sent) {
            this.left = length;
            this.sent = sent;
        }

        @Override
        public int read() {
            if (left == 0) {
                return -1;
            }
            left--;
            sent.incrementAndGet();
            return 0;
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
            int count = (int) Math.min(left, length);
            left -= count;
            sent.addAndGet(count);
            return count == 0 ? -1 : count;
        }
    }
}
