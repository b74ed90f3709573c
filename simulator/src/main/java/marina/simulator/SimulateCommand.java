package marina.simulator;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import marina.simulator.topology.FleetFile;
import marina.simulator.topology.FleetFileException;
import marina.simulator.topology.Topology;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marina.sh simulate FLEET.yml}: plays the world of the file until it is interrupted. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a fleet of machines on this one: edge proxy, DNS, Machines API, and a page to look at it.",
            "Events go to standard output, one JSON object a line; addresses to standard error."
        })
public final class SimulateCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Parameters(paramLabel = "FLEET.yml", description = "the world to play; docs/simulator.md describes it")
    private Path file = Path.of("");

    @Option(names = "--events", paramLabel = "FILE", description = "events go to this file instead")
    private @Nullable Path events;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "folder for output, bases and sockets of the machines; a new one below the temporary folder"
                    + " when absent")
    private @Nullable Path folder;

    @Option(names = "--check", description = "only checks the file")
    private boolean check;

    /** The program. MARINA_HOME names the installation whose server machines may run. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "marina/simulator/logback.xml");
        System.exit(new CommandLine(new SimulateCommand()).execute(arguments));
    }

    /** Runs until the process is told to end. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        Topology topology;
        try {
            topology = FleetFile.read(file);
        } catch (FleetFileException e) {
            System.err.println(e.getMessage());
            return FAILED;
        }
        if (check) {
            System.err.println(file + " is right");
            return 0;
        }
        Path home = Path.of(System.getenv().getOrDefault("MARINA_HOME", ".")).toAbsolutePath();
        Path own = folder == null
                ? Files.createTempDirectory("sim")
                : Files.createDirectories(folder).toAbsolutePath();
        Path directory = file.toAbsolutePath().getParent();
        try (PrintStream out = output()) {
            Simulator world = Simulator.start(
                    topology, new Simulator.Place(own, directory == null ? home : directory, home, out));
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                world.close();
                                ended.countDown();
                            },
                            "sim-end"));
            tell(world, topology, own);
            ended.await();
        } catch (IllegalStateException | java.io.UncheckedIOException e) {
            System.err.println("simulate: " + e.getMessage());
            return FAILED;
        }
        return 0;
    }

    private PrintStream output() throws IOException {
        return events == null
                ? new PrintStream(System.out, true, StandardCharsets.UTF_8)
                : new PrintStream(new FileOutputStream(events.toFile(), true), true, StandardCharsets.UTF_8);
    }

    private static void tell(Simulator world, Topology topology, Path folder) {
        System.err.println("page    " + world.control() + "/");
        System.err.println("dns     " + world.dnsAddress());
        System.err.println("folder  " + folder);
        topology.apps().stream()
                .filter(app -> app.services().get(0).listen().isPresent())
                .forEach(app -> System.err.println("app     " + app.name() + " " + world.url(app.name()) + "/"));
    }
}
