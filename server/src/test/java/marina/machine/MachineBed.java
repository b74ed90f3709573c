package marina.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import marina.testing.MachinesApi;
import marina.testing.MarinaUnderTest;

/** A Marina on a machine of Fly's that sleeps when nobody has used it for a moment, and the API that it asks. */
final class MachineBed implements AutoCloseable {
    static final String SUSPEND = "POST /v1/apps/showcase/machines/m1/suspend";

    /** How long anything may take before a test gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final MachinesApi api;
    final MarinaUnderTest marina;
    private final Path base;

    private MachineBed(Path base, String yaml) {
        this.base = base;
        api = new MachinesApi(base.resolve("run/api.sock"));
        MarinaUnderTest.write(base, "data/events", "");
        marina = MarinaUnderTest.start(
                base, yaml, Map.of("FLY_APP_NAME", "showcase", "FLY_MACHINE_ID", "m1", "EVENTS", path("data/events")));
    }

    private String path(String file) {
        return base.resolve(file).toString();
    }

    /**
     * Starts both.
     *
     * @param idle keys of {@code idle} beside the action
     * @param more of the server file
     */
    static MachineBed start(Path base, String idle, String more) {
        return new MachineBed(
                base,
                """
                idle: { action: suspend, %s }
                fleet: { api: run/api.sock }
                %s
                """
                        .formatted(idle, more));
    }

    /** The application of most tests, with further keys. */
    static String app(String keys) {
        return "contexts: { /app: { command: [node, app.js], directory: \""
                + Path.of("target/test-classes/apps").toAbsolutePath() + "\"" + (keys.isEmpty() ? "" : ", " + keys)
                + " } }\n";
    }

    /** A hook that writes a word into the list of events. */
    static String event(String word) {
        return "{ command: [sh, -c, 'echo " + word + " >> \"$EVENTS\"'] }";
    }

    /** A hook that writes two words, the second one when the file {@code data/go} is there. */
    static String slowEvent(String first, String second) {
        return "{ command: [sh, -c, 'echo " + first
                + " >> \"$EVENTS\"; while [ ! -e data/go ]; do sleep 0.05; done; echo " + second
                + " >> \"$EVENTS\"'] }";
    }

    void letGo() {
        MarinaUnderTest.write(base, "data/go", "");
    }

    List<String> events() {
        return marina.read("data/events").lines().toList();
    }

    void awaitEvent(String word) {
        await(word).atMost(PATIENCE).until(() -> events().contains(word));
    }

    void awaitCalls(int calls) {
        await(calls + " calls of the API")
                .atMost(PATIENCE)
                .until(() -> api.calls().size() >= calls);
    }

    MachineStatus machine() {
        return marina.server().machine().status();
    }

    void awaitState(MachineState state) {
        await("the machine is " + state.text())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> machine().state() == state);
    }

    void answers(String path) {
        assertThat(marina.get(path).statusCode()).isEqualTo(200);
    }

    boolean exists(String file) {
        return Files.exists(base.resolve(file));
    }

    @Override
    public void close() {
        marina.close();
        api.close();
    }
}
