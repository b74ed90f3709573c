package marina.simulator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import marina.simulator.testing.World;
import marina.simulator.testing.World.Reply;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where fly-replay sends a request, in the header form and in the JSON form. */
class ReplayRulesTest {

    private static World world;

    @BeforeAll
    static void begin() {
        world = World.ofThree(
                "  other:",
                "    machines: [{ id: o1, region: nrt, command: APP }]",
                "    services: [{ port: 80 }]",
                "  foreign:",
                "    org: somebody",
                "    services: [{ port: 80 }]",
                "    machines: [{ id: f1, region: nrt, command: APP }]",
                "  elseport:",
                "    services: [{ port: 81 }]",
                "    machines: [{ id: p1, region: nrt, command: APP }]");
    }

    @AfterAll
    static void end() {
        world.close();
    }

    private static Reply replayed(String header, String... fields) {
        String[] all = new String[fields.length + 2];
        all[0] = "x-plan";
        all[1] = World.replay("m1", header);
        System.arraycopy(fields, 0, all, 2, fields.length);
        return world.get("/page?q=1", all);
    }

    private static Reply replayedByJson(Map<String, Object> body, String... fields) {
        Map<String, Object> plan = Map.of(
                "headers", Map.of("content-type", "application/vnd.fly.replay+json"), "body", new JSON().toJSON(body));
        String[] all = new String[fields.length + 2];
        all[0] = "x-plan";
        all[1] = new JSON().toJSON(Map.of("m1", plan));
        System.arraycopy(fields, 0, all, 2, fields.length);
        return world.get("/page?q=1", all);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "region=nrt | m3",
                "region=lhr | m2",
                "'region=\"nrt,lhr\"' | m3",
                "'region=\"fra,lhr\"' | m2",
                "region=apac | m3",
                "region=eu | m2",
                "'region=\"fra,any\"' | m1",
                "region=us | m1",
                "instance=m3 | m3",
                "prefer_instance=m2 | m2",
                "app=other | o1",
                "app=other;region=nrt;state=abc | o1",
                "elsewhere=true | m2",
                "'region=\"nrt\", state=abc' | m3",
            })
    void theRequestReachesTheTarget(String header, String machine) {
        // m1 answers every request of ewr with the replay, so a target m1 would replay again: it gets a plan for the
        // first hop only
        if (machine.equals("m1")) {
            Reply reply = world.get("/page", "x-plan", World.replay("m2", header), "fly-prefer-region", "lhr");
            assertThat(reply.machine()).isEqualTo("m1");
            return;
        }
        assertThat(replayed(header).machine()).isEqualTo(machine);
    }

    @Test
    void theTargetIsToldWhereTheReplayComesFrom() {
        Reply reply = replayed("region=nrt;state=some-state");
        assertThat(reply.got("fly-replay-src")).matches("instance=m1;region=ewr;t=\\d{16};state=some-state");
        assertThat(reply.got("fly-replay-cache-status")).isEqualTo("miss");
        assertThat(reply.told()).containsEntry("path", "/page?q=1");
    }

    @Test
    void aPreferredInstanceThatIsNotThereIsNamedToTheOther() {
        Reply reply = replayed("prefer_instance=gone;region=nrt");
        assertThat(reply.machine()).isEqualTo("m3");
        assertThat(reply.got("fly-preferred-instance-unavailable")).isEqualTo("gone");
        assertThat(replayed("prefer_instance=m3").got("fly-preferred-instance-unavailable"))
                .isEmpty();
    }

    @Test
    void jsonSaysTheSameWithoutQuotesInRegion() {
        assertThat(replayedByJson(Map.of("region", "fra,lhr")).machine()).isEqualTo("m2");
        assertThat(replayedByJson(Map.of("instance", "m3", "state", "x")).got("fly-replay-src"))
                .endsWith(";state=x");
        assertThat(replayedByJson(Map.of("app", "other")).machine()).isEqualTo("o1");
        assertThat(replayedByJson(Map.of("elsewhere", true)).machine()).isEqualTo("m2");
    }

    @Test
    void transformChangesPathAndFields() {
        Object[] set = {Map.of("name", "x-new", "value", "1"), Map.of("name", "x-old", "value", "2")};
        Reply reply = replayedByJson(
                Map.of(
                        "instance",
                        "m3",
                        "transform",
                        Map.of("path", "/other?a=b", "delete_headers", new Object[] {"X-Secret"}, "set_headers", set)),
                "x-secret",
                "s",
                "x-old",
                "1",
                "Authorization",
                "Basic x");
        assertThat(reply.told()).containsEntry("path", "/other?a=b");
        assertThat(reply.got("x-secret")).isEmpty();
        assertThat(reply.got("x-new")).isEqualTo("1");
        assertThat(reply.got("x-old")).isEqualTo("2");
        assertThat(reply.got("authorization")).as("lost, as seen on Fly").isEmpty();
    }

    @Test
    void withoutTransformAuthorizationStays() {
        assertThat(replayed("region=nrt", "Authorization", "Basic x").got("authorization"))
                .isEqualTo("Basic x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "region | PA03",
                "region=iad,ord | PA03",
                "region=nowhere | PA03",
                "regoin=nrt | PA03",
                "region=nrt;region=lhr | PA03",
                "timeout=soon;region=nrt | PA03",
                "fallback=perhaps;region=nrt | PA03",
                "state=x | PA03",
                "app=missing | PA04",
                "app=foreign | PA05",
                "app=elseport | PR04",
                "instance=gone | PR04",
                "instance=m2;app=other | PR04",
                "region=fra | PR04",
            })
    void whatCannotBeReplayedIsAnError(String header, String fault) {
        Reply reply = replayed(header);
        assertThat(reply.field("sim-fault")).isEqualTo(fault);
        assertThat(reply.status()).isGreaterThanOrEqualTo(502);
    }

    @Test
    void brokenJsonIsAnError() {
        String plan = new JSON()
                .toJSON(Map.of(
                        "m1",
                        Map.of(
                                "headers",
                                Map.of("content-type", "application/vnd.fly.replay+json"),
                                "body",
                                "{\"region\":")));
        assertThat(world.get("/", "x-plan", plan).field("sim-fault")).isEqualTo("PA03");
    }

    @Test
    void theEleventhReplayIsRefused() {
        String plan = new JSON()
                .toJSON(Map.of(
                        "m1", Map.of("headers", Map.of("fly-replay", "instance=m2")),
                        "m2", Map.of("headers", Map.of("fly-replay", "instance=m1"))));
        int before = world.hops().size();
        Reply reply = world.get("/", "x-plan", plan);
        assertThat(reply.field("sim-fault")).isEqualTo("PA02");
        assertThat(world.hops()).hasSize(before + 11);
    }

    @Test
    void theStatusOfAReplayDoesNotMatterAndItsFieldsStayInside() {
        String plan = new JSON()
                .toJSON(Map.of(
                        "m1",
                        Map.of("status", 200, "headers", Map.of("fly-replay", "region=nrt", "set-cookie", "a=b"))));
        Reply reply = world.get("/", "x-plan", plan);
        assertThat(reply.machine()).isEqualTo("m3");
        assertThat(reply.field("set-cookie")).isEmpty();
        assertThat(reply.field("fly-replay")).isEmpty();
    }
}
