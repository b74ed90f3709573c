package marina.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import marina.backend.BackendState;
import marina.testing.MarinaUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The example game server as players meet it: one archive, mounted as a lobby and as an arena for each region. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GameServerTest {
    private static final Path WAR =
            Path.of(System.getProperty("marina.home", ".."), "examples/gameserver/target/gameserver.war");
    private final HttpClient client = HttpClient.newHttpClient();
    private MarinaUnderTest marina;

    @BeforeAll
    void start(@TempDir Path base) {
        assertThat(WAR).as("what examples/gameserver builds").exists();
        marina = MarinaUnderTest.start(
                base,
                """
                drain: 1s
                apps:
                  game: { war: %s, page_after: 60s, env: { MACHINE: m1, LOBBY: ../../lobby/ } }
                contexts:
                  /lobby: { app: game, env: { REGIONS: "ewr=Newark, lhr=London, nrt", REGION: lhr } }
                  /gameserver/ewr: { app: game, env: { REGION: ewr } }
                  /gameserver/lhr: { app: game, env: { REGION: lhr } }
                  /gameserver/nrt: { app: game, env: { REGION: lhr } }
                  /gameserver/two: { app: game, env: { SEATS: "2" } }
                  /gameserver/load: { app: game }
                  /gameserver/nap: { app: game, idle_timeout: 1s, env: { AWAY_AFTER: "6" } }
                  /gameserver/doze: { app: game, idle_timeout: 1s, websockets: ignore }
                  /gameserver/wrong: { app: game, env: { SEATS: many } }
                """
                        .formatted(WAR.toAbsolutePath().normalize()));
    }

    @AfterAll
    void stop() {
        marina.close();
    }

    @Test
    void theLobbyLeadsToTheArenasAndEachPageSaysWhoServesIt() {
        String lobby = marina.get("/lobby/").body();
        assertThat(lobby).contains("href=\"../gameserver/ewr/\"", "Newark", "href=\"../gameserver/nrt/\"", "machine");
        assertThat(marina.get("/lobby/live").statusCode()).isEqualTo(404);
        assertThat(marina.get("/gameserver/ewr/").body())
                .contains("Page from <b>ewr</b>, machine <code>m1</code>", "data-match=\"yes\"", "../../lobby/");
        assertThat(marina.get("/gameserver/nrt/").body()).contains("Page from <b>lhr</b>", "data-match=\"no\"");
        assertThat(marina.get("/gameserver/ewr/health").body()).isEqualTo("ok\n");
        assertThat(marina.get("/gameserver/ewr/nothing").statusCode()).isEqualTo(404);
        assertThat(marina.get("/gameserver/ewr/live").statusCode()).isEqualTo(426);
    }

    @Test
    void eachArenaHearsItsOwnPlayersAndLateComersReadWhatWasSaid() {
        try (GameClient ada = enter("ewr");
                GameClient ben = enter("ewr");
                GameClient cleo = enter("lhr");
                GameClient dan = enter("lhr")) {
            assertThat(ada.welcome().get("region")).isEqualTo("ewr");
            assertThat(cleo.welcome().get("region")).isEqualTo("lhr");
            assertThat(cleo.welcome().get("machine")).isEqualTo("m1");
            ada.send("name Ada");
            ben.awaitPresent("Ada", ben.name());
            ben.send("name  ada ");
            cleo.send("name Cleo");
            dan.send("name <b>Dan</b>");
            ada.awaitPresent("Ada", "ada 2");
            dan.awaitPresent("Cleo", "<b>Dan</b>");
            ada.send("say hello\tfrom \u202ethe   east");
            cleo.send("say hello from London");
            ben.awaitLine("Ada: hello from the east");
            dan.awaitLine("Cleo: hello from London");
            ben.send("say " + "long ".repeat(60));
            ada.awaitLine("ada 2: " + "long ".repeat(40).strip());
            assertThat(dan.lines()).containsExactly("Cleo: hello from London");
            assertThat(ada.lines()).hasSize(2);
            try (GameClient late = enter("ewr")) {
                assertThat(late.history())
                        .containsExactly(
                                "hello from the east", "long ".repeat(40).strip());
                ada.awaitPresent("Ada", "ada 2", String.valueOf(late.present().get(2)));
            }
            ada.awaitPresent("Ada", "ada 2");
        }
    }

    @Test
    void whoSaysTooMuchIsAskedToWaitAndOnlyTheLastFiftyLinesAreKept() {
        List<GameClient> players = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                players.add(enter("nrt"));
            }
            GameClient first = players.get(0);
            for (int i = 0; i < 60; i++) {
                players.get(i / 5).send("say line " + i);
                if (i % 5 == 4) {
                    first.awaitLine(players.get(i / 5).name() + ": line " + i);
                }
            }
            try (GameClient late = enter("nrt")) {
                assertThat(late.history()).hasSize(50).startsWith("line 10").endsWith("line 59");
            }
            for (int i = 0; i < 20; i++) {
                first.send("say again");
            }
            await().atMost(GameClient.PATIENCE)
                    .until(() -> !first.messages("hint").isEmpty());
            assertThat(first.lines()).as("60 and a few").hasSizeLessThan(75);
        } finally {
            players.forEach(GameClient::close);
        }
    }

    @Test
    void theArenaHasItsLimits() throws Exception {
        try (GameClient first = enter("two");
                GameClient second = enter("two");
                GameClient third = GameClient.connect(client, arena("two"))) {
            assertThat(third.awaitClose()).isEqualTo(4001);
            first.send("dance");
            assertThat(first.awaitClose()).isEqualTo(1008);
            second.sendUntilClosed("steer 1 1");
            assertThat(second.awaitClose()).isEqualTo(4003);
        }
        try (GameClient verbose = enter("two")) {
            verbose.send("say " + "x".repeat(5_000));
            assertThat(verbose.awaitClose()).isEqualTo(1009);
        }
    }

    @Test
    void aPageOfAnotherSiteCannotPlay() {
        assertThat(statusForPageOf("http://elsewhere.example")).isEqualTo(403);
        assertThat(statusForPageOf("null")).isEqualTo(403);
        assertThat(statusForPageOf(marina.uri("").toString())).isEqualTo(101);
    }

    @Test
    void aWrongSettingIsToldWhenTheApplicationStarts() {
        assertThat(marina.get("/gameserver/wrong/").statusCode()).isEqualTo(503);
        assertThat(marina.status("/gameserver/wrong").toString())
                .contains("SEATS: \"many\" is not a number from 1 to 999999");
    }

    @Test
    void playersKeepTheirArenaAwakeAndWhoDoesNothingIsSentOffSoThatItSleeps() throws Exception {
        try (GameClient player = enter("nap")) {
            long start = System.nanoTime();
            for (int second = 0; second < 4; second++) {
                long due = start + TimeUnit.SECONDS.toNanos(second);
                await().until(() -> System.nanoTime() > due);
                player.send("steer " + 200 * second + " 300");
                assertThat(marina.status("/gameserver/nap").backend().state()).isEqualTo(BackendState.READY);
            }
            assertThat(player.awaitClose()).isEqualTo(4002);
            marina.awaitState("/gameserver/nap", "stopped");
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("arena-nap"));
        }
    }

    @Test
    void whereWebSocketsDoNotCountTheArenaSleepsUnderItsPlayers() throws Exception {
        try (GameClient player = enter("doze")) {
            assertThat(player.awaitClose()).isEqualTo(1001);
            marina.awaitState("/gameserver/doze", "stopped");
        }
    }

    /** 20 players steer 200 times a second, and each sees hundreds of places a second, whatever another one does not read. */
    @Test
    void aPlayerWhoDoesNotReadDelaysNobodyAndIsGivenUp() throws Exception {
        List<GameClient> players = new ArrayList<>();
        ScheduledExecutorService hands = Executors.newScheduledThreadPool(2);
        try (Sleeper sleeper = new Sleeper(arena("load"))) {
            for (int i = 0; i < 20; i++) {
                players.add(enter("load"));
            }
            await().atMost(GameClient.PATIENCE)
                    .until(() -> players.get(0).present().size() == 21);
            for (GameClient player : players) {
                var unused = hands.scheduleAtFixedRate(() -> player.send(anywhere()), 0, 100, TimeUnit.MILLISECONDS);
            }
            var unusedToo = hands.scheduleAtFixedRate(sleeper::ask, 0, 20, TimeUnit.MILLISECONDS);
            players.forEach(GameClient::startCounting);
            long start = System.nanoTime();
            await("the sleeper to be given up")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> players.get(0).present().size() == 20);
            await().atMost(GameClient.PATIENCE).until(() -> System.nanoTime() - start > TimeUnit.SECONDS.toNanos(5));
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(players).allSatisfy(player -> {
                assertThat(player.updates() / seconds).as("updates a second").isGreaterThan(200);
                assertThat(player.longestGap()).isLessThan(Duration.ofSeconds(2));
            });
        } finally {
            hands.shutdownNow();
            players.forEach(GameClient::close);
        }
    }

    private int statusForPageOf(String origin) {
        URI live = URI.create(arena("ewr").toString().replace("http:", "ws:") + "live");
        try {
            client.newWebSocketBuilder()
                    .header("Origin", origin)
                    .buildAsync(live, new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) Objects.requireNonNull(e.getCause()))
                    .getResponse()
                    .statusCode();
        }
    }

    private static String anywhere() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "steer " + random.nextInt(1000) + " " + random.nextInt(600);
    }

    private GameClient enter(String arena) {
        return GameClient.enter(client, arena(arena));
    }

    private URI arena(String name) {
        return marina.uri("/gameserver/" + name + "/");
    }
}
