package marina.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A fleet of machines that the simulator plays, as an operator starts it: {@code bin/marina.sh simulate} in a process of its
 * own, real Marinas in its machines. Closing it ends the simulator, and asserts that its machines have ended with it.
 */
final class SimulatedFleet extends SimulatorProcess {
    private SimulatedFleet(Path folder) throws IOException {
        super(folder.resolve("f"), folder.resolve("fleet.yml"));
    }

    /**
     * Starts one, and waits for its machines.
     *
     * @param fleet the text of FLEET.yml, whose machines may use the base folder {@code base}
     * @param server the text of their conf/server.yml
     */
    static SimulatedFleet start(Path folder, String fleet, String server) throws IOException {
        Files.createDirectories(folder.resolve("base/conf"));
        Files.writeString(folder.resolve("base/conf/server.yml"), server);
        Files.writeString(folder.resolve("fleet.yml"), fleet);
        SimulatedFleet started = new SimulatedFleet(folder);
        started.awaitMachines();
        return started;
    }

    /** A request to the edge, from a region. */
    HttpRequest.Builder from(String region, String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(PATIENCE)
                .header("User-Agent", "it")
                .header("Sim-From", region);
    }

    /** GET through the edge, without waiting. */
    CompletableFuture<HttpResponse<String>> getAsync(String region, String path) {
        return client().sendAsync(from(region, path).build(), BodyHandlers.ofString());
    }

    /** GET through the edge. */
    HttpResponse<String> get(String region, String path) {
        return getAsync(region, path).join();
    }

    /** GET past the edge, of one machine. */
    HttpResponse<String> ask(String machine, String path, String... fields) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address(machine).resolve(path)).timeout(PATIENCE);
        return client().sendAsync(
                        (fields.length == 0 ? request : request.headers(fields)).build(), BodyHandlers.ofString())
                .join();
    }

    /** What is wrong with DNS from now on, as JSON; {@code {}} for nothing. */
    void dns(String fault) {
        json("POST", "/api/dns", fault);
    }

    /** Whether a machine answers. */
    boolean answers(String machine) {
        try {
            return ask(machine, "/up").statusCode() == 200;
        } catch (CompletionException e) {
            return false;
        }
    }

    /** Starts a machine and waits until its program answers. */
    void awake(String machine) {
        if (!state(machine).equals("started")) {
            command(machine, "start");
        }
        await(machine + " answers").atMost(PATIENCE).until(() -> answers(machine));
    }

    private void awaitMachines() {
        for (Map<?, ?> machine : machines()) {
            if (!"stopped".equals(machine.get("state"))) {
                awake(String.valueOf(machine.get("id")));
            }
        }
    }

    /** The machines that have seen a request, in order. */
    List<String> way(HttpResponse<?> answer) {
        String request = answer.headers().firstValue("fly-request-id").orElseThrow();
        return events("kind=hop&request=" + request).stream()
                .map(hop -> String.valueOf(hop.get("machine")))
                .toList();
    }
}
