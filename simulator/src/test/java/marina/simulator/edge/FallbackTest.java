package marina.simulator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import marina.simulator.machine.Death;
import marina.simulator.machine.MachineState;
import marina.simulator.testing.World;
import marina.simulator.testing.World.Reply;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a replay that reaches nobody. */
class FallbackTest {

    private World world;

    @BeforeEach
    void begin() {
        world = World.ofThree();
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aTargetThatRefusesConnectionsLeadsBackToTheIssuer() {
        world.machine("m3").breakDown(true);
        Reply reply =
                world.get("/", "x-plan", World.replay("m1", "instance=m3;timeout=300ms;fallback=force_self;state=s"));
        assertThat(reply.machine()).isEqualTo("m1");
        assertThat(reply.got("fly-replay-failed"))
                .matches("instance=m3;app=shop;replay_source=m1;reason=timeout;elapsed_ms=\\d+");
        assertThat(reply.got("fly-replay-src")).isEmpty();
    }

    @Test
    void aTargetThatDoesNotExistIsKnownAtOnce() {
        Reply reply =
                world.get("/", "x-plan", World.replay("m1", "region=\"fra,mad\";timeout=20s;fallback=force_self"));
        assertThat(reply.got("fly-replay-failed"))
                .matches("app=shop;region=\"fra,mad\";replay_source=m1;reason=no_candidate;elapsed_ms=\\d{1,3}");
    }

    @Test
    void withoutATimeoutRetriesEnd() {
        world.machine("m3").breakDown(true);
        Reply reply = world.get("/", "x-plan", World.replay("m1", "instance=m3;fallback=prefer_self"));
        assertThat(reply.got("fly-replay-failed")).contains(";reason=retries_exhausted;");
    }

    @Test
    void withoutAFallbackTheClientGetsAnError() {
        world.machine("m3").breakDown(true);
        Reply reply = world.get("/", "x-plan", World.replay("m1", "instance=m3;timeout=200ms"));
        assertThat(reply.field("sim-fault")).isEqualTo("PR03");
        assertThat(reply.status()).isEqualTo(503);
    }

    @Test
    void preferSelfTakesAnyMachineOfTheOriginWhenTheIssuerCannot() {
        world.machine("m1").faults().dieAt(Death.ON_ANSWER);
        world.machine("m3").breakDown(true);
        Reply reply = world.get("/", "x-plan", World.replay("m1", "instance=m3;timeout=50ms;fallback=prefer_self"));
        assertThat(reply.machine()).as("m1 is about to be restarted").isEqualTo("m2");
        assertThat(reply.got("fly-replay-failed")).contains("replay_source=m1");
    }

    @Test
    void aRequestThatHasFallenBackCannotBeReplayedAgain() {
        String again = new JSON()
                .toJSON(Map.of(
                        "m1",
                        Map.of("headers", Map.of("fly-replay", "instance=gone;fallback=force_self")),
                        "m1!",
                        Map.of("headers", Map.of("fly-replay", "instance=gone;fallback=force_self"))));
        assertThat(world.get("/", "x-plan", again).field("sim-fault")).isEqualTo("PA03");
    }

    @Test
    void aTargetThatAcceptsAndThenDiesIsNoReasonToFallBack() {
        world.machine("m3").faults().dieAt(Death.ON_REQUEST);
        Reply reply = world.get("/", "x-plan", World.replay("m1", "instance=m3;timeout=5s;fallback=force_self"));
        assertThat(reply.field("sim-fault")).isEqualTo("PU02");
        assertThat(reply.status()).isEqualTo(502);
    }

    @Test
    void aTargetKilledBeforeItGetsAnythingHasBeenConnectedAllTheSame() {
        world.machine("m3").faults().dieAt(Death.ON_CONNECT);
        String plan = World.replay("m1", "instance=m3;timeout=20s;fallback=force_self");
        assertThat(world.get("/", "x-plan", plan).field("sim-fault")).isEqualTo("PU02");
        assertThat(world.get("/", "x-plan", plan).machine())
                .as("it is started again")
                .isEqualTo("m3");
    }

    @Test
    void aSleepingTargetThatWakesInTimeServes() {
        world.machine("m3").suspend(java.time.Duration.ZERO, "test").join();
        world.await("m3", MachineState.SUSPENDED);
        world.machine("m2").stop(Optional.empty(), Optional.empty(), "test").join();
        world.await("m2", MachineState.STOPPED);
        String fields = ";timeout=20s;fallback=force_self";
        assertThat(world.get("/", "x-plan", World.replay("m1", "instance=m3" + fields))
                        .machine())
                .isEqualTo("m3");
        assertThat(world.get("/", "x-plan", World.replay("m1", "region=lhr" + fields))
                        .machine())
                .isEqualTo("m2");
    }
}
