package marina.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import marina.testing.RawClient;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real Rails application, mounted for several tenants as docs/rails.md tells. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RailsIT {
    private static final String MORE =
            """
              /hasty: { app: lists, vars: { owner: Hasty }, idle_timeout: 1s, backup: true }
              /tight: { app: lists, vars: { owner: Tight }, memory_limit: 48M }
            defaults: { page_after: 60s, ready: { timeout: 60s } }
            """;

    private HomeUnderTest home;

    @BeforeAll
    void start(@TempDir Path base) {
        RailsLists.copyTo(base.resolve("rails"));
        home = HomeUnderTest.at(base, Guide.of("rails.md").configuration() + MORE)
                .with("SECRET_KEY_BASE", "0123456789abcdef0123456789abcdef")
                .write("conf/htpasswd", RailsLists.PASSWORDS);
        home.start();
    }

    @AfterAll
    void stop() {
        if (home != null) {
            home.close();
        }
    }

    private Visitor sam() {
        return new Visitor(home::uri).as(RailsLists.SAM);
    }

    private String raw(String method, String path, String... fields) {
        String credentials =
                Base64.getEncoder().encodeToString(RailsLists.SAM.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String[] all = Stream.concat(Stream.of("Authorization: Basic " + credentials), Arrays.stream(fields))
                .toArray(String[]::new);
        return RawClient.exchange(home.uri("/"), method, path, all);
    }

    @Test
    void eachTenantHasAListASessionAndADatabase() {
        assertThat(home.browser().get("/sam/").statusCode()).isEqualTo(401);
        Visitor visitor = sam();
        assertThat(RailsLists.add(visitor, "/sam/", "milk & honey"))
                .contains("Sam's list", "milk &amp; honey", "Added", "user sam", home.uri("/sam/") + ",");
        assertThat(RailsLists.add(visitor, "/sally/", "bread"))
                .contains(">bread<")
                .doesNotContain("honey");
        assertThat(visitor.page("/sam/"))
                .contains("honey", "<span id=\"visits\">3<")
                .doesNotContain("bread");
        assertThat(visitor.page("/sam/lists.css")).startsWith("body {");
    }

    @Test
    void behindAProxyItsAddressesAndCookiesAreThoseOfTheClient() {
        String[] proxy = {
            "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: lists.example.com"
        };
        String page = raw("GET", "/sam/", proxy);
        assertThat(page).contains("203.0.113.7, https://lists.example.com/sam/", "action=\"/sam/items\"");
        String session = Visitor.find(page, "Set-Cookie: (_lists=[^;]+);");
        assertThat(page).containsPattern("Set-Cookie: _lists=[^\r]+; path=/sam;");
        String token = Visitor.find(page, "name=\"authenticity_token\" value=\"([^\"]+)\"");
        String form = "authenticity_token=" + token.replace("+", "%2B").replace("/", "%2F") + "&item[text]=tea";

        String[] post = Stream.concat(
                        Arrays.stream(proxy),
                        Stream.of(
                                "Origin: https://lists.example.com",
                                "Cookie: " + session,
                                "Content-Type: application/x-www-form-urlencoded",
                                "Content-Length: " + form.length()))
                .toArray(String[]::new);
        String answer = exchangeWithBody("/sam/items", form, post);
        assertThat(answer)
                .startsWith("HTTP/1.1 302")
                .contains("Location: https://lists.example.com/sam/\r\n")
                .containsPattern("Set-Cookie: last=tea; path=/sam/items; secure; HttpOnly");
        assertThat(exchangeWithBody(
                        "/sam/items",
                        form.replace("authenticity_token=", "another_parameter=")
                                .replace("tea", "milk"),
                        post))
                .as("without the token of the form")
                .startsWith("HTTP/1.1 422");
    }

    private String exchangeWithBody(String path, String body, String... fields) {
        String credentials =
                Base64.getEncoder().encodeToString(RailsLists.SAM.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return RawClient.exchange(
                home.uri("/"),
                "POST " + path + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Basic " + credentials
                        + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n" + body);
    }

    @Test
    void aRestartLosesNoRequest() {
        long before = RailsLists.pid(sam().page("/sam/"));
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<String>> clients = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> askUntil(over)))
                .limit(3)
                .toList();
        try {
            home.marina("restart", "/sam").exits(0);
            await().atMost(HomeUnderTest.PATIENCE).until(() -> RailsLists.pid(sam().page("/sam/")) != before);
        } finally {
            over.set(true); // else they would ask on beside the tests that come after this one
        }
        assertThat(clients).extracting(CompletableFuture::join).containsOnly("");
        await().atMost(HomeUnderTest.PATIENCE).until(() -> !Processes.isAlive(before));
    }

    /** The first page that is not there, or nothing. */
    private String askUntil(AtomicBoolean over) {
        Visitor visitor = sam();
        while (!over.get()) {
            try {
                visitor.page("/sam/");
            } catch (AssertionError e) {
                return String.valueOf(e.getMessage());
            }
        }
        return "";
    }

    @Test
    void afterAKillTheNextRequestStartsItAgain() {
        RailsLists.add(sam(), "/sally/", "kept");
        long killed = RailsLists.pid(sam().page("/sally/"));
        Processes.signal(killed, "KILL");
        await().atMost(HomeUnderTest.PATIENCE)
                .until(() -> !String.valueOf(context("/sally").get("state")).equals("ready"));
        String page = sam().page("/sally/");
        assertThat(page).contains(">kept<");
        assertThat(RailsLists.pid(page)).isNotEqualTo(killed);
    }

    @Test
    void itStopsWhenIdleAndItsDatabaseIsCopied() {
        long pid = RailsLists.pid(RailsLists.add(sam(), "/hasty/", "soon gone"));
        await().atMost(HomeUnderTest.PATIENCE).until(() -> !Processes.isAlive(pid));
        await().atMost(HomeUnderTest.PATIENCE).until(() -> {
            String[] copies = home.path("data/backups").toFile().list();
            return copies != null && copies.length == 1;
        });
        assertThat(sam().page("/hasty/")).contains("soon gone");
        assertThat(home.read("logs/contexts/hasty.log")).containsOnlyOnce("CreateItems: migrated");
    }

    @Test
    void whatNeedsMoreMemoryThanItsLimitSaysSo() {
        var unused = home.browser().getAsync("/tight/");
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            raw("GET", "/tight/");
            assertThat(String.valueOf(context("/tight").get("reason")))
                    .matches("(?s).*killed for memory: \\d+M used, memory_limit 48M.*");
        });
    }

    private Map<?, ?> context(String path) {
        String json = home.marina("contexts", "--json").exits(0).out();
        return Arrays.stream((Object[]) new JSON().fromJSON(json))
                .map(one -> (Map<?, ?>) one)
                .filter(one -> path.equals(one.get("path")))
                .findFirst()
                .orElseThrow();
    }
}
