package marina.simulator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import marina.simulator.testing.World;
import marina.simulator.testing.World.Reply;
import org.eclipse.jetty.util.ajax.JSON;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replays that the edge remembers. */
class ReplayCacheTest {

    private World world;

    @BeforeEach
    void begin() {
        world = World.of(
                "regions: { ewr: {}, nrt: {} }",
                "retry_for: 1s",
                "apps:",
                "  shop:",
                "    services: [{ port: 80, listen: 0, replay_cache: [",
                "      { path_prefix: /s/, ttl: 30s, type: cookie, name: sid, allow_bypass: true } ] }]",
                "    machine: { command: APP }",
                "    machines: [{ id: m1, region: ewr }, { id: m2, region: nrt }]");
    }

    @AfterEach
    void end() {
        world.close();
    }

    private Reply teach(String path, String... headers) {
        return world.get(path, "x-plan", plan("m1", headers));
    }

    private static String plan(String machine, String... headers) {
        Map<String, Object> fields = new java.util.HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            fields.put(headers[i], headers[i + 1]);
        }
        return new JSON().toJSON(Map.of(machine, Map.of("headers", fields)));
    }

    private static final String[] RULE = {
        "fly-replay", "region=nrt", "fly-replay-cache", "/p/*", "fly-replay-cache-ttl-secs", "60"
    };

    @Test
    void aRememberedReplayGoesStraightToTheTarget() {
        assertThat(teach("/p/1", RULE).got("fly-replay-cache-status")).isEqualTo("miss");
        Reply hit = world.get("/p/2");
        assertThat(hit.machine()).isEqualTo("m2");
        assertThat(hit.got("fly-replay-cache-status")).isEqualTo("hit");
        assertThat(hit.got("fly-replay-src")).isEmpty();
        assertThat(world.get("/q").machine()).as("another path").isEqualTo("m1");
        assertThat(world.hops()).containsExactly("m1", "m2", "m2", "m1");
    }

    @Test
    void theTargetCanMakeItForgotten() {
        teach("/p/1", RULE);
        Reply back =
                world.get("/p/2", "x-plan", plan("m2", "fly-replay", "region=ewr", "fly-replay-cache", "invalidate"));
        assertThat(back.machine()).isEqualTo("m1");
        assertThat(world.get("/p/3").machine()).isEqualTo("m1");
    }

    @Test
    void aClientMaySkipItOnlyWhereThatIsAllowed() {
        teach("/p/1", RULE);
        assertThat(world.get("/p/2", "fly-replay-cache-control", "skip").machine())
                .isEqualTo("m2");
        String[] open = java.util.Arrays.copyOf(RULE, 8);
        open[6] = "fly-replay-cache-allow-bypass";
        open[7] = "yes";
        open[3] = "/o/*";
        teach("/o/1", open);
        assertThat(world.get("/o/2", "fly-replay-cache-control", "skip").machine())
                .isEqualTo("m1");
        Reply replayed =
                world.get("/o/2", "fly-replay-cache-control", "skip", "x-plan", World.replay("m1", "region=nrt"));
        assertThat(replayed.got("fly-replay-cache-status")).isEqualTo("bypass");
    }

    @Test
    void whatMayNotBeCachedIsNot() {
        teach(
                "/p/1",
                "fly-replay",
                "region=nrt;state=x",
                "fly-replay-cache",
                "/p/*",
                "fly-replay-cache-ttl-secs",
                "60");
        teach("/p/1", "fly-replay", "region=nrt", "fly-replay-cache", "/p/*", "fly-replay-cache-ttl-secs", "9");
        teach("/p/1", "fly-replay", "region=nrt", "fly-replay-cache", "/other/*", "fly-replay-cache-ttl-secs", "60");
        teach("/p/1", "fly-replay", "region=nrt", "fly-replay-cache", "/p", "fly-replay-cache-ttl-secs", "60");
        assertThat(world.get("/p/2").machine()).isEqualTo("m1");
        assertThat(world.events("hop").stream().filter(hop -> hop.containsKey("not_cached")))
                .hasSize(4);
    }

    @Test
    void aSessionStaysWithItsMachine() {
        world.get("/s/1", "Cookie", "a=b; sid=one", "x-plan", World.replay("m1", "instance=m2"));
        assertThat(world.get("/s/2", "Cookie", "sid=one").got("fly-replay-cache-status"))
                .isEqualTo("hit");
        assertThat(world.get("/s/2", "Cookie", "sid=two").machine()).isEqualTo("m1");
        assertThat(world.get("/x", "Cookie", "sid=one").machine()).isEqualTo("m1");
        assertThat(world.get("/s/2", "Cookie", "sid=one", "fly-replay-cache-control", "skip")
                        .machine())
                .isEqualTo("m1");
    }

    @Test
    void aTargetThatHasGoneIsForgotten() {
        teach("/p/1", RULE);
        world.machine("m2").destroy("test").join();
        assertThat(world.get("/p/2").machine()).isEqualTo("m1");
    }
}
