package marina.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import marina.config.FleetConfig.Transport;
import marina.config.PlacementConfig;
import marina.fleet.ReplayDecision.Arrival;
import marina.fleet.ReplayDecision.Kind;
import marina.fleet.ReplayDecision.Means;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way requests go: the table of docs/fleet.md. */
class ReplayDecisionTest {
    private static final Here EWR = new Here("app", "ewr", "m1");
    private static final Here SYD = new Here("app", "syd", "m2");
    private static final Place TO_SYD = new Place("", "syd", "");

    private static Placement regions(String... regions) {
        return Placement.of(new PlacementConfig(List.of(regions), "", "", ""));
    }

    private static Arrival from(HopState way) {
        return new Arrival(false, false, Optional.of(way));
    }

    @ParameterizedTest
    @CsvSource({
        // state, fly, transport, large body, upgrade, way
        "LIVE,    true,  REPLAY,   false, false, REPLAY",
        "LIVE,    true,  REPLAY,   false, true,  REPLAY",
        "ASLEEP,  true,  REPLAY,   false, false, REPLAY",
        "UNKNOWN, true,  REPLAY,   false, false, REPLAY",
        "ABSENT,  true,  REPLAY,   false, false, ABSENT",
        "LIVE,    true,  REPLAY,   true,  false, PROXY",
        "ASLEEP,  true,  REPLAY,   true,  false, WAKE",
        "UNKNOWN, true,  REPLAY,   true,  false, WAKE",
        "ABSENT,  true,  REPLAY,   true,  false, ABSENT",
        "LIVE,    true,  PROXY,    false, true,  PROXY",
        "LIVE,    true,  PROXY,    false, false, PROXY",
        "ASLEEP,  true,  PROXY,    false, true,  WAKE",
        "ABSENT,  true,  PROXY,    false, true,  ABSENT",
        "LIVE,    true,  REDIRECT, false, false, REDIRECT",
        "LIVE,    true,  REDIRECT, false, true,  PROXY",
        "LIVE,    false, PROXY,    true,  false, PROXY",
        "UNKNOWN, false, PROXY,    false, false, PROXY",
        "ABSENT,  false, PROXY,    false, false, ABSENT",
        "LIVE,    false, REDIRECT, true,  false, REDIRECT",
        "LIVE,    false, REDIRECT, false, true,  PROXY",
        "ABSENT,  false, REDIRECT, false, false, ABSENT",
    })
    void theWayDependsOnWhatDnsSays(
            TargetState state, boolean onFly, Transport transport, boolean large, boolean upgrade, Kind way) {
        Means means = new Means(onFly, transport, large, upgrade);

        assertThat(ReplayDecision.of(new Sighting(TO_SYD, state), EWR, HopState.DIRECT, means))
                .isEqualTo(new ReplayDecision(way, new Sighting(TO_SYD, state)));
    }

    @Test
    void whatIsMineIsServedWhateverItSaysOfItsWay() {
        HopState far = new HopState(9, SYD, "");
        Arrival failed = new Arrival(false, true, Optional.of(far));

        assertThat(ReplayDecision.atOnce(regions("ewr"), EWR, from(far)))
                .map(ReplayDecision::kind)
                .contains(Kind.SERVE);
        assertThat(ReplayDecision.atOnce(regions("ewr"), EWR, failed))
                .map(ReplayDecision::kind)
                .contains(Kind.SERVE);
    }

    @Test
    void whatCameBackIsNotSentOutAgain() {
        Arrival failed = new Arrival(false, true, Optional.of(HopState.DIRECT));

        assertThat(ReplayDecision.atOnce(regions("syd"), EWR, failed))
                .contains(new ReplayDecision(Kind.FAILED, new Sighting(TO_SYD, TargetState.UNKNOWN)));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, true", "3, true", "99, true"})
    void aRequestIsSentOnTwiceAtMost(int hops, boolean ends) {
        Optional<ReplayDecision> decision =
                ReplayDecision.atOnce(regions("syd"), EWR, from(new HopState(hops, new Here("app", "fra", "m9"), "")));

        assertThat(decision.map(ReplayDecision::kind)).isEqualTo(ends ? Optional.of(Kind.LOOP) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        // who has sent it: app, region, machine; whether it would go back to it
        "app,   syd, m2, LOOP",
        "app,   fra, m9, REPLAY",
        "'',    syd, m2, LOOP",
        "other, syd, m7, REPLAY",
    })
    void whoHasSentItDoesNotGetItBack(String app, String region, String machine, Kind expected) {
        HopState way = new HopState(1, new Here(app, region, machine), "");
        Means means = new Means(true, Transport.REPLAY, false, false);

        assertThat(ReplayDecision.of(new Sighting(TO_SYD, TargetState.LIVE), EWR, way, means)
                        .kind())
                .isEqualTo(expected);
    }

    @Test
    void aWayThatIsForgedIsRefusedEvenAtItsPlace() {
        assertThat(ReplayDecision.atOnce(regions("ewr"), EWR, new Arrival(false, false, Optional.empty())))
                .map(ReplayDecision::kind)
                .contains(Kind.REFUSED);
    }

    @Test
    void aRegionStandsInForAMachineThatIsAbsent() {
        Placement placement = Placement.of(new PlacementConfig(List.of("ewr"), "", "m7", ""));
        Means means = new Means(true, Transport.REPLAY, false, false);

        assertThat(placement.isMine(EWR, false)).isFalse();
        assertThat(placement.places(false)).containsExactly(new Place("", "", "m7"), new Place("", "ewr", ""));
        assertThat(ReplayDecision.of(
                                new Sighting(new Place("", "ewr", ""), TargetState.LIVE), EWR, HopState.DIRECT, means)
                        .kind())
                .isEqualTo(Kind.SERVE);
    }

    @ParameterizedTest
    @CsvSource({
        // regions, primary, machine, app; here in ewr: reads are mine, writes are mine
        "ewr,     '',  '', '',    true,  true",
        "syd,     '',  '', '',    false, false",
        "syd ewr, '',  '', '',    true,  true",
        "syd ewr, syd, '', '',    true,  false",
        "syd ewr, ewr, '', '',    true,  true",
        "syd fra, syd, '', '',    false, false",
        "'',      '',  m1, '',    true,  true",
        "'',      '',  m2, '',    false, false",
        "ewr,     '',  m2, '',    false, false",
        "'',      '',  '', app,   true,  true",
        "'',      '',  '', other, false, false",
        "ewr,     '',  '', other, false, false",
        "'',      '',  '', '',    true,  true",
    })
    void whatIsMine(String regions, String primary, String machine, String app, boolean reads, boolean writes) {
        List<String> list = regions.isEmpty() ? List.of() : List.of(regions.split(" "));
        Placement placement = Placement.of(new PlacementConfig(list, primary, machine, app));

        assertThat(placement.isMine(EWR, false)).isEqualTo(reads);
        assertThat(placement.isMine(EWR, true)).isEqualTo(writes);
    }
}
