package marina.simulator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import marina.simulator.machine.MachineState;
import marina.simulator.testing.World;
import marina.simulator.testing.World.Reply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Which machine gets a request before any replay, and what the edge says about the request. */
class RoutingTest {

    @Test
    void theNearestMachineServesUnlessTheRequestSaysOtherwise() {
        try (World world = World.ofThree()) {
            assertThat(world.get("/").machine()).isEqualTo("m1");
            assertThat(world.get("/", "Sim-From", "nrt").machine()).isEqualTo("m3");
            assertThat(world.get("/", "fly-prefer-region", "fra,lhr").machine()).isEqualTo("m2");
            assertThat(world.get("/", "fly-prefer-region", "fra").machine()).isEqualTo("m1");
            assertThat(world.get("/", "fly-force-region", "nrt").machine()).isEqualTo("m3");
            assertThat(world.get("/", "fly-force-region", "fra").field("sim-fault"))
                    .isEqualTo("PR04");
            assertThat(world.get("/", "fly-force-instance-id", "m2").machine()).isEqualTo("m2");
            assertThat(world.get("/", "fly-force-instance-id", "gone").field("sim-fault"))
                    .isEqualTo("PR04");
            Reply preferred = world.get("/", "fly-prefer-instance-id", "gone");
            assertThat(preferred.machine()).isEqualTo("m1");
            assertThat(preferred.got("fly-preferred-instance-unavailable")).isEqualTo("gone");
            world.machine("m1").cordon(true);
            assertThat(world.get("/").machine()).isEqualTo("m2");
        }
    }

    @Test
    void theEdgeTellsMachineAndClientWhatFlyTells() {
        try (World world = World.ofThree()) {
            Reply reply = world.get(
                    "/",
                    "Sim-From",
                    "lhr",
                    "Fly-Client-IP",
                    "6.6.6.6",
                    "Fly-Forwarded-Proto",
                    "forged",
                    "X-Forwarded-For",
                    "6.6.6.6",
                    "X-Forwarded-Port",
                    "1234");
            assertThat(reply.got("fly-client-ip")).isEqualTo("127.0.0.1");
            assertThat(reply.got("fly-region")).isEqualTo("lhr");
            assertThat(reply.got("fly-request-id")).matches("[0-9A-HJKMNP-TV-Z]{26}-lhr");
            assertThat(reply.got("fly-forwarded-proto")).isEqualTo("http");
            assertThat(reply.got("fly-forwarded-port")).isEqualTo("80");
            assertThat(reply.got("x-forwarded-port")).as("spoofable").isEqualTo("1234");
            assertThat(reply.got("x-forwarded-for")).matches("6\\.6\\.6\\.6, 127\\.0\\.0\\.1, 127[.0-9]+");
            assertThat(reply.got("x-request-start")).matches("t=\\d{16}");
            assertThat(reply.got("via")).isEqualTo("1.1 fly.io");
            assertThat(reply.got("fly-replay-src")).isEmpty();
            assertThat(reply.got("fly-replay-cache-status")).isEmpty();
            assertThat(reply.got("sim-from")).isEmpty();
            assertThat(reply.field("server")).startsWith("Fly/");
            assertThat(reply.field("via")).isEqualTo("1.1 fly.io");
            assertThat(reply.field("fly-request-id")).isEqualTo(reply.got("fly-request-id"));
            assertThat(reply.field("x-machine")).isEqualTo("m2");
            Map<String, Object> hop = world.events("hop").get(0);
            assertThat(hop)
                    .containsEntry("edge", "lhr")
                    .containsEntry("app", "shop")
                    .containsEntry("machine", "m2")
                    .containsEntry("decision", "answer")
                    .containsEntry("status", 200)
                    .containsKeys("time", "ms", "request");
        }
    }

    @Test
    void machinesThatSleepWakeForARequest() {
        try (World world = World.of(
                "regions: { ewr: {} }",
                "apps: { shop: { services: [{ listen: 0 }], machine: { command: APP, region: ewr }, machines: [",
                "  { id: m1, state: stopped, env: { BOOT_MS: 300 } }, { id: m2, state: stopped, autostart: false } ] } }")) {
            assertThat(world.get("/").machine()).isEqualTo("m1");
            Object pid = pid(world.get("/"));
            world.machine("m1").suspend(java.time.Duration.ZERO, "test").join();
            world.await("m1", MachineState.SUSPENDED);
            assertThat(pid(world.get("/"))).as("the same process goes on").isEqualTo(pid);
            world.machine("m1").stop(Optional.empty(), Optional.empty(), "test").join();
            world.await("m1", MachineState.STOPPED);
            assertThat(pid(world.get("/"))).as("another process").isNotEqualTo(pid);
            assertThat(world.get("/", "fly-force-instance-id", "m2").field("sim-fault"))
                    .isEqualTo("PR04");
        }
    }

    private static Object pid(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return reply.told().getOrDefault("pid", "none");
    }

    @Test
    void aFullMachineLetsRequestsWaitAndOthersServe() throws Exception {
        try (World world = World.of(
                "regions: { ewr: {}, lhr: {} }",
                "retry_for: 1s",
                "apps: { shop: { services: [{ listen: 0 }], soft_limit: 1, hard_limit: 2,",
                "  machine: { command: APP }, machines: [ { id: m1, region: ewr }, { id: m2, region: lhr } ] } }")) {
            CompletableFuture<Reply> first = hang(world, "m1");
            Awaitility.await().until(() -> world.machine("m1").load().requests() == 1);
            assertThat(world.get("/").machine()).as("above the soft limit").isEqualTo("m2");
            CompletableFuture<Reply> second = hang(world, "m1");
            Awaitility.await().until(() -> world.machine("m1").load().requests() == 2);
            Reply third = world.get("/", "fly-force-instance-id", "m1");
            assertThat(third.status()).isEqualTo(503);
            world.machine("m1").kill().join();
            assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(502);
            assertThat(second.get(10, TimeUnit.SECONDS).status()).isEqualTo(502);
        }
    }

    private static CompletableFuture<Reply> hang(World world, String machine) {
        return CompletableFuture.supplyAsync(() -> world.get("/never", "fly-force-instance-id", machine));
    }

    @Test
    void chanceRefusesTheSameConnectionsForTheSameSeed() {
        assertThat(refusals()).isEqualTo(refusals()).contains("m1", "m2");
    }

    private static List<Object> refusals() {
        try (World world = World.of(
                "regions: { ewr: {}, lhr: {} }",
                "chaos: { seed: 7, connect: 0.5 }",
                "apps: { shop: { services: [{ listen: 0 }], machine: { command: APP }, machines: [",
                "  { id: m1, region: ewr }, { id: m2, region: lhr } ] } }")) {
            return IntStream.range(0, 20)
                    .mapToObj(number -> world.get("/").told().getOrDefault("machine", ""))
                    .toList();
        }
    }

    @Test
    void aMachineMayBeginSuspended() {
        try (World world = World.of(
                "regions: { ewr: {} }",
                "apps: { shop: { services: [{ listen: 0 }], machines: [",
                "  { id: m1, region: ewr, state: suspended, command: APP } ] } }")) {
            assertThat(world.machine("m1").state()).isEqualTo(MachineState.SUSPENDED);
            assertThat(world.get("/").machine()).isEqualTo("m1");
        }
    }

    @Test
    void idleMachinesStopAndSuspendAndSomeStay() {
        try (World world = World.of(
                "regions: { ewr: {}, lhr: {} }",
                "autostop_every: 300ms",
                "apps: { shop: { services: [{ listen: 0 }], min_machines_running: 1, machine: { command: APP }, machines: [",
                "  { id: m1, region: ewr, autostop: stop }, { id: m2, region: lhr, autostop: suspend },",
                "  { id: m3, region: ewr } ] } }")) {
            world.await("m1", MachineState.STOPPED);
            world.await("m2", MachineState.SUSPENDED);
            assertThat(world.machine("m3").state()).isEqualTo(MachineState.STARTED);
            assertThat(world.get("/", "fly-force-instance-id", "m2").machine()).isEqualTo("m2");
            assertThat(world.machine("m2").reached(Set.of(MachineState.SUSPENDED)))
                    .succeedsWithin(java.time.Duration.ofSeconds(10));
        }
    }
}
