package marina.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import marina.testing.DnsUnderTest;
import marina.testing.DnsUnderTest.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is known of places when a real DNS server says it, or fails to. */
@SuppressWarnings("NullAway.Init")
class FleetDnsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Place SYD = new Place("", "syd", "");

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private DnsUnderTest server;
    private FleetDns dns;
    private TargetStates states;

    @BeforeEach
    void start() throws IOException {
        server = new DnsUnderTest()
                .txt("vms.app.internal", "m1 ewr,m2 syd")
                .txt("all.vms.app.internal", "m1 ewr,m2 syd,m3 fra");
        dns = new FleetDns(server::socketAddress, List.of(), TIMEOUT, executor, scheduler);
        states =
                new TargetStates(new FlyDirectory(dns, new Here("app", "ewr", "m1")), scheduler, Duration.ofMinutes(1));
        server.questions().clear();
    }

    @AfterEach
    void stop() {
        server.close();
        executor.shutdownNow();
        scheduler.shutdownNow();
    }

    private TargetState state(String app, String region, String machine) {
        Place place = new Place(app, region, machine);
        var unused = states.look(List.of(place)).join();
        // A loaded machine may need more than the 50 ms of the first request.
        await().atMost(TIMEOUT.multipliedBy(3)).until(() -> dns.underWay() == 0);
        return states.look(List.of(place)).join().state();
    }

    @ParameterizedTest
    @CsvSource({
        "'',    syd, '', LIVE",
        "'',    '',  m2, LIVE",
        "app,   syd, '', LIVE",
        "'',    fra, '', ASLEEP",
        "'',    '',  m3, ASLEEP",
        "'',    lhr, '', ABSENT",
        "'',    '',  m4, ABSENT",
        "other, syd, '', ABSENT",
        "'',    sy,  '', ABSENT",
    })
    void theTextsTellWhatRunsAndWhatIsThere(String app, String region, String machine, TargetState state) {
        assertThat(state(app, region, machine)).isEqualTo(state);
    }

    @Test
    void anAddressIsASecondOpinionOnWhatTheTextsDoNotName() {
        server.address("lhr.app.internal", "fdaa::7").address("m4.vm.app.internal", "fdaa::8");

        assertThat(state("", "lhr", "")).isEqualTo(TargetState.LIVE);
        assertThat(state("", "", "m4")).isEqualTo(TargetState.LIVE);
    }

    @Test
    void anAppOfWhichOnlySleepersAreLeftSleeps() {
        server.forget("vms.app.internal");

        assertThat(state("app", "", "")).isEqualTo(TargetState.ASLEEP);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SERVFAIL", "NONSENSE"})
    void whenDnsFailsNothingIsKnown(Fault fault) {
        server.fail(fault);

        assertThat(state("", "syd", "")).isEqualTo(TargetState.UNKNOWN);
        assertThat(dns.failed()).isPositive();
    }

    @Test
    void oneOfTheTwoTextsAloneDoesNotMakeAPlaceAbsent() {
        DnsAnswer running =
                new DnsAnswer(DnsAnswer.Kind.FOUND, List.of("m1 ewr"), List.of(), Duration.ofSeconds(5), false);
        DnsAnswer deployed =
                new DnsAnswer(DnsAnswer.Kind.FOUND, List.of("m1 ewr,m3 fra"), List.of(), Duration.ofSeconds(5), false);
        Place fra = new Place("", "fra", "");

        assertThat(FlyDirectory.stateOf(fra, running, DnsAnswer.FAILED)).isEqualTo(TargetState.UNKNOWN);
        assertThat(FlyDirectory.stateOf(fra, DnsAnswer.FAILED, deployed)).isEqualTo(TargetState.UNKNOWN);
        assertThat(FlyDirectory.stateOf(fra, running, deployed)).isEqualTo(TargetState.ASLEEP);
        assertThat(FlyDirectory.stateOf(fra, running, DnsAnswer.none(TIMEOUT))).isEqualTo(TargetState.ABSENT);
    }

    @Test
    void aSilentServerCostsARequestFiftyMillisecondsAtMost() {
        server.fail(Fault.SILENT);
        var unused = states.look(List.of(new Place("", "syd", ""))).join(); // classes are loaded
        dns.drop();
        long begin = System.nanoTime();
        Sighting sighting = states.look(List.of(new Place("", "syd", "")))
                .orTimeout(1, TimeUnit.SECONDS)
                .join();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

        assertThat(sighting.state()).isEqualTo(TargetState.UNKNOWN);
        assertThat(millis)
                .as("milliseconds, of which a loaded machine adds some")
                .isBetween(45L, 500L);
    }

    @Test
    void longTextsArePutTogetherAgainWhateverWayTheyCome() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            text.append(String.format("%014x", 0x683d314fdd4d68L + i)).append(" ams,");
        }
        server.txt("vms.app.internal", text + "e82de11c6d7083 syd");

        assertThat(state("", "", "e82de11c6d7083")).isEqualTo(TargetState.LIVE);
        assertThat(state("", "", "683d314fdd4ef7")).isEqualTo(TargetState.LIVE);
        assertThat(server.asked("TXT", "vms.app.internal")).isEqualTo(2);
        assertThat(server.questions()).contains("udp TXT vms.app.internal", "tcp TXT vms.app.internal");
    }

    @Test
    void manyWhoWantToKnowAskOnce() {
        server.hold();
        List<CompletableFuture<Sighting>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(states.look(List.of(new Place("", "syd", ""))));
        }
        server.release();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

        assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE);
        assertThat(server.asked("TXT", "vms.app.internal")).isEqualTo(1);
    }

    @Test
    void anAnswerHoldsForItsTimeAndThenIsUsedWhileItIsAskedForAgain() {
        server.ttl(1).txt("vms.app.internal", "m1 ewr,m2 syd");
        assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE);
        long begin = System.nanoTime();
        server.ttl(60).txt("vms.app.internal", "m1 ewr");

        assertThat(state("", "syd", "")).as("within its time").isEqualTo(TargetState.LIVE);
        await().until(() -> System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(1100));
        server.hold();
        CompletableFuture<Sighting> late = states.look(List.of(new Place("", "syd", "")));
        assertThat(late).as("answered at once from what is over").isDone();
        assertThat(late.join().state()).isEqualTo(TargetState.LIVE);
        server.release();
        await().untilAsserted(() -> assertThat(state("", "syd", "")).isEqualTo(TargetState.ASLEEP));
    }

    @Test
    void whenDnsFailsWhatItHasSaidIsUsedForAWhile() {
        server.ttl(1).txt("vms.app.internal", "m1 ewr,m2 syd").address("m2.vm.app.internal", "fdaa::2");
        assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE);
        assertThat(states.address(SYD).join()).isPresent();
        assertThat(states.look(List.of(SYD)).join().sure()).isTrue();
        server.fail(Fault.SERVFAIL);

        await().atMost(TIMEOUT.multipliedBy(3)).until(() -> {
            var unused = states.look(List.of(SYD));
            return dns.failed() > 0;
        });
        Sighting late = states.look(List.of(SYD)).join();
        assertThat(late).isEqualTo(new Sighting(SYD, TargetState.LIVE, false));
        assertThat(states.address(SYD).join()).isPresent();
        assertThat(dns.failed()).as("a dead server is left in peace").isLessThan(8);
    }

    @Test
    void thatAMachineHasNoAddressIsBelievedOfACurrentAnswerOnly() {
        server.ttl(1).txt("vms.app.internal", "m1 ewr,m2 syd");
        assertThat(states.address(SYD).join()).isEmpty();
        long begin = System.nanoTime();
        server.address("m2.vm.app.internal", "fdaa::2");
        await("the five seconds that such an answer holds")
                .until(() -> System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(5_100));

        assertThat(states.address(SYD).join()).isPresent();
    }

    @Test
    void aMachineThatSleptOrRefusedAMomentAgoIsNotSureToAnswer() {
        Place fra = new Place("", "fra", "");
        assertThat(state("", "fra", "")).isEqualTo(TargetState.ASLEEP);
        server.txt("vms.app.internal", "m1 ewr,m2 syd,m3 fra");
        dns.drop();
        assertThat(state("", "fra", "")).isEqualTo(TargetState.LIVE);
        assertThat(states.look(List.of(fra)).join().sure())
                .as("it may be starting")
                .isFalse();

        assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE);
        assertThat(states.look(List.of(SYD)).join().sure()).isTrue();
        assertThat(states.refusedLast(List.of(SYD, fra))).containsExactly(SYD, fra);
        states.refused(SYD);
        assertThat(states.look(List.of(SYD)).join().sure()).isFalse();
        assertThat(states.refusedLast(List.of(SYD, fra))).containsExactly(fra, SYD);
    }

    @Test
    void nobodyIsTurnedAwayByAnAnswerThatIsOver() {
        server.ttl(1).txt("vms.app.internal", "m1 ewr").txt("all.vms.app.internal", "m1 ewr");
        assertThat(state("", "syd", "")).isEqualTo(TargetState.ABSENT);
        long begin = System.nanoTime();
        server.ttl(60).txt("vms.app.internal", "m1 ewr,m2 syd").txt("all.vms.app.internal", "m1 ewr,m2 syd");
        await().until(() -> System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(1100));

        assertThat(states.look(List.of(new Place("", "syd", ""))).join().state())
                .isNotEqualTo(TargetState.ABSENT);
    }

    @Test
    void whatWasLearnedCanBeDropped() {
        server.ttl(600).txt("vms.app.internal", "m1 ewr,m2 syd");
        assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE);
        server.txt("vms.app.internal", "m1 ewr");
        assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE);

        dns.drop();

        assertThat(state("", "syd", "")).isEqualTo(TargetState.ASLEEP);
    }

    @Test
    void ofSeveralPlacesTheFirstIsTakenThatIsNotAbsent() {
        assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE);
        List<Place> places = List.of(new Place("", "lhr", ""), new Place("", "fra", ""), new Place("", "syd", ""));
        var unused = states.look(places).join();
        await().until(() -> dns.underWay() == 0);

        assertThat(states.look(places).join()).isEqualTo(new Sighting(places.get(1), TargetState.ASLEEP));
    }

    @Test
    void aServerThatComesBackIsBelievedAgain() {
        server.fail(Fault.SERVFAIL);
        assertThat(state("", "syd", "")).isEqualTo(TargetState.UNKNOWN);
        server.fail(Fault.NONE);

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(state("", "syd", "")).isEqualTo(TargetState.LIVE));
    }
}
