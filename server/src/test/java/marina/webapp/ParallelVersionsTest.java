package marina.webapp;

import static marina.webapp.VersionedShop.awaitOlder;
import static marina.webapp.VersionedShop.older;
import static marina.webapp.VersionedShop.reload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import marina.config.ContextPath;
import marina.host.ReloadOutcome;
import marina.testing.MarinaUnderTest;
import marina.webapp.VersionedShop.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several versions of a WAR in webapps: who has a session stays where it began, the others get the highest. */
class ParallelVersionsTest {
    private static final String PATIENT = "defaults: { page_after: 30s }";

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init")
    private VersionedShop shop;

    private final Visitor anna = new Visitor();
    private final Visitor ben = new Visitor();
    private final Visitor passerBy = new Visitor();

    @BeforeEach
    void start() throws Exception {
        shop = new VersionedShop(base);
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @ParameterizedTest
    @CsvSource({"shop.war,shop##1.war,file", "shop##9.war,shop##10.war,file", "shop##1.war,shop##2.war,memory"})
    void sessionsStayWhereTheyBeganUntilTheyEnd(String first, String second, String sessions) throws Exception {
        shop.put(first, "first");
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "defaults: { page_after: 30s, sessions: " + sessions + " }")) {
            assertThat(anna.ask(marina, "?user=anna")).isEqualTo("first anna");
            shop.put(second, "second");
            assertThat(reload(marina).succeeded()).isTrue();
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(ben.ask(marina, "")).as("without a session").isEqualTo("second null");
            assertThat(ben.ask(marina, "?user=ben")).isEqualTo("second ben");
            assertThat(anna.ask(marina, "?id"))
                    .as("another id, the same session")
                    .isEqualTo("first anna");
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(shop.generationsInMemory()).isEqualTo(2);
            assertThat(anna.ask(marina, "?end")).isEqualTo("first anna");
            assertThat(anna.ask(marina, "")).as("logged out").isEqualTo("second null");
            awaitOlder(marina);
            assertThat(anna.ask(marina, "?user=anna")).isEqualTo("second anna");
            assertThat(ben.ask(marina, "")).isEqualTo("second ben");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(shop.generationsInMemory()).isEqualTo(1));
            assertThat(base.resolve("webapps").resolve(first))
                    .as("never deleted")
                    .exists();
        }
    }

    @Test
    void aVersionLeavesWhenItsLastSessionHasTimedOutWhileItDoesNotRun() throws Exception {
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "defaults: { page_after: 30s, idle_timeout: 1s }")) {
            assertThat(anna.ask(marina, "?user=anna&life=6")).isEqualTo("first anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            assertThat(older(marina)).containsExactly("/shop##1");
            await().atMost(Duration.ofSeconds(20)).until(() -> stateOf(marina, "/shop##1"), "stopped"::equals);
            assertThat(anna.ask(marina, "")).as("started again for its session").isEqualTo("first anna");
            awaitOlder(marina);
            assertThat(anna.ask(marina, "")).isEqualTo("second null");
        }
    }

    private static String stateOf(MarinaUnderTest marina, String name) {
        return marina.server()
                .host()
                .context(new ContextPath(name))
                .map(context -> context.status().state())
                .orElse("gone");
    }

    @Test
    void bothComeBackAfterARestartOfMarina() throws Exception {
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, PATIENT)) {
            anna.ask(marina, "?user=anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            ben.ask(marina, "?user=ben");
        }
        shop.put("shop##0.war", "nobody's");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, PATIENT)) {
            assertThat(older(marina)).as("only what has sessions").containsExactly("/shop##1");
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(ben.ask(marina, "")).isEqualTo("second ben");
            assertThat(passerBy.ask(marina, "")).isEqualTo("second null");
        }
    }

    @Test
    void withoutItsArchiveAVersionGoesAtOnceAndItsVisitorsBeginAnew() throws Exception {
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, PATIENT)) {
            anna.ask(marina, "?user=anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            shop.remove("shop##1.war");
            assertThat(reload(marina).succeeded()).isTrue();
            assertThat(older(marina)).isEmpty();
            assertThat(anna.ask(marina, "")).isEqualTo("second null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "memory"})
    void theNextLowerVersionTakesOverWhenTheHighestIsTakenBack(String sessions) throws Exception {
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina =
                MarinaUnderTest.start(base, "defaults: { page_after: 30s, sessions: " + sessions + " }")) {
            anna.ask(marina, "?user=anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            ben.ask(marina, "?user=ben");
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            shop.remove("shop##2.war");
            assertThat(reload(marina).succeeded()).isTrue();
            assertThat(older(marina)).isEmpty();
            assertThat(marina.status("/shop").version()).isEqualTo("1");
            assertThat(anna.ask(marina, "")).as("went on all the time").isEqualTo("first anna");
            assertThat(marina.status("/shop").backend().starts())
                    .as("the same run")
                    .isEqualTo(1);
            assertThat(ben.ask(marina, "")).isEqualTo("first null");
            assertThat(ben.ask(marina, "?user=ben")).isEqualTo("first ben");
        }
    }

    @Test
    void aHigherVersionThatDoesNotStartChangesNothing() throws Exception {
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, PATIENT)) {
            anna.ask(marina, "?user=anna");
            shop.putBroken("shop##2.war");
            ReloadOutcome outcome = reload(marina);
            assertThat(outcome.succeeded()).isFalse();
            assertThat(String.join("\n", outcome.messages()))
                    .contains("shop##2.war", "no licence", "the context before it goes on serving");
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(passerBy.ask(marina, "?user=new")).isEqualTo("first new");
            shop.put("shop##2.war", "second");
            assertThat(reload(marina).succeeded()).isTrue();
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(passerBy.ask(marina, "")).isEqualTo("first new");
            assertThat(ben.ask(marina, "")).isEqualTo("second null");
        }
    }

    @Test
    void anArchiveThatIsReplacedInPlaceKeepsItsSessions() throws Exception {
        shop.put("shop##1.war", "first");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, PATIENT)) {
            anna.ask(marina, "?user=anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            ben.ask(marina, "?user=ben");
            shop.put("shop##1.war", "mended first");
            shop.put("shop##2.war", "mended second");
            assertThat(reload(marina).succeeded()).isTrue();
            assertThat(anna.ask(marina, "")).isEqualTo("mended first anna");
            assertThat(ben.ask(marina, "")).isEqualTo("mended second ben");
            shop.putBroken("shop##1.war");
            assertThat(reload(marina).messages()).anyMatch(line -> line.contains("no licence"));
            assertThat(anna.ask(marina, "")).isEqualTo("mended first anna");
        }
    }

    @Test
    void aDescriptorMayGiveAllVersionsTheirSettingsAndAnotherPath() throws Exception {
        shop.put("market##1.war", "first");
        Files.createDirectories(base.resolve("conf/contexts"));
        Files.writeString(base.resolve("conf/contexts/shop.yml"), "war: market##*.war\npage_after: 30s\n");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, "")) {
            anna.ask(marina, "?user=anna");
            shop.put("market##2.war", "second");
            reload(marina);
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(passerBy.ask(marina, "")).isEqualTo("second null");
            assertThat(marina.server().host().contexts()).hasSize(1);
            Files.writeString(
                    base.resolve("conf/contexts/shop.yml"),
                    "war: market##*.war\npage_after: 30s\nheaders: { response: { X-Rule: new } }\n");
            assertThat(reload(marina).succeeded()).isTrue();
            assertThat(anna.ask(marina, "")).as("behind other rules").isEqualTo("first anna");
        }
    }

    @Test
    void restartingAVersionStartsOnlyThatAndKeepsItsSessions() throws Exception {
        shop.put("shop.war", "first");
        try (MarinaUnderTest marina = MarinaUnderTest.start(base, PATIENT)) {
            anna.ask(marina, "?user=anna");
            shop.put("shop##2.war", "second");
            reload(marina);
            assertThat(ben.ask(marina, "?user=ben")).isEqualTo("second ben");
            assertThat(marina.server()
                            .reloader()
                            .restart(new ContextPath("/shop##"))
                            .join()
                            .messages())
                    .containsExactly("/shop##: restart done");
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            marina.server().reloader().restart(new ContextPath("/shop")).join();
            assertThat(anna.ask(marina, "")).isEqualTo("first anna");
            assertThat(ben.ask(marina, "")).isEqualTo("second ben");
            assertThat(shop.generationsInMemory()).isBetween(2L, 4L);
            assertThat(older(marina)).containsExactly("/shop##");
        }
    }
}
