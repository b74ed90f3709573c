package marina.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Machines of one configuration in the simulator, which run real Marinas. Their hooks write words into {@code data/events} of each
 * machine.
 */
final class SleepBed extends SleepingFleet {
    /** What every server file begins with. */
    private static final String COMMON =
            """
            listen: "${FLEET_ADDRESS}:8080"
            fleet: { api: "${FLEET_API}", dns: { server: "${FLEET_DNS}" }%s }
            """;

    private SleepBed(Path folder) throws IOException {
        super(folder);
    }

    /**
     * Starts one, and waits for its machines.
     *
     * @param platform further lines of FLEET.yml
     * @param machines as there
     * @param fleet further keys of {@code fleet}, each with a comma before it
     * @param yaml the rest of conf/server.yml
     */
    static SleepBed start(Path folder, String platform, String machines, String fleet, String yaml) {
        try {
            write(folder.resolve("base/conf/server.yml"), COMMON.formatted(fleet) + yaml);
            write(
                    folder.resolve("fleet.yml"),
                    """
                    regions: { ewr: {}, syd: {}, nrt: {} }
                    %s
                    apps:
                      shop:
                        services: [{ port: 80, listen: 0, internal_port: 8080 }]
                        machine:
                          marina: base
                          env: { MARINA_OPTS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" }
                        machines: [%s]
                    """
                            .formatted(platform, machines));
            SleepBed bed = new SleepBed(folder);
            try {
                bed.ids().forEach(bed::awaitServing);
            } catch (RuntimeException | Error e) {
                bed.close();
                throw e;
            }
            return bed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A hook that writes a word, waits while a file {@code data/hold-WORD} is there, and writes the word with {@code -done}. */
    static String hook(String word) {
        return "[{ command: [sh, -c, 'echo " + word + " >> data/events; while [ -e data/hold-" + word
                + " ]; do sleep 0.05; done; echo " + word + "-done >> data/events'] }]";
    }

    /** A context with one of the applications, whose stop hook writes {@code stop}. */
    static String app(String script, String keys) {
        return "{ " + Apps.node(script)
                + ", env: { VERSION: \"${FLY_MACHINE_ID}\", EVENTS: \"${MARINA_BASE}/data/events\" }"
                + ", hooks: { stop: [{ command: [sh, -c, 'echo stop >> \"$EVENTS\"'] }] }" + keys + " }";
    }

    private void awaitServing(String id) {
        if (state(id).equals("started")) {
            await("machine " + id).atMost(PATIENCE).until(() -> log(id).contains("Server startup"));
        }
    }

    /** Another configuration of all machines, which they notice themselves. */
    void configure(String fleet, String yaml) {
        write(folder.resolve("base/conf/server.yml"), COMMON.formatted(fleet) + yaml);
    }

    /** What the machine's log has to say last about itself. */
    String life(String id) {
        return log(id).lines().filter(line -> line.contains("Machine: ")).reduce("", (before, line) -> line);
    }

    void awaitLife(String id, String text) {
        await("the machine log says " + text).atMost(PATIENCE).until(() -> life(id), line -> line.contains(text));
    }

    /** The words that hooks of a machine have written. */
    List<String> words(String id) {
        return read(base(id).resolve("data/events")).lines().toList();
    }

    /** The words that came after so many. */
    List<String> words(String id, int after) {
        List<String> all = words(id);
        return all.subList(Math.min(after, all.size()), all.size());
    }

    void awaitWord(String id, int after, String word) {
        await(word).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> words(id, after)
                .contains(word));
    }

    /** Has a hook of a machine wait. */
    void hold(String id, String word) {
        write(base(id).resolve("data/hold-" + word), "");
    }

    /** Lets a hook of a machine go on. */
    void letGo(String id, String word) {
        try {
            Files.deleteIfExists(base(id).resolve("data/hold-" + word));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code bin/marina.sh} on a machine; what it prints. */
    String marina(String id, String... arguments) throws IOException, InterruptedException {
        String script = HomeUnderTest.home().resolve("bin/marina.sh").toString();
        Path out = Files.createTempFile(folder, "cli", ".out");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(script), Arrays.stream(arguments))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().put("MARINA_BASE", base(id).toString());
        Process process = builder.start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return read(out);
    }
}
