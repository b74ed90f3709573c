package marina.simulator.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.MachineSpec;

/** Starts the process of a machine, with the environment that Fly would give it. Thread-safe. */
final class Launcher {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z0-9_]+)}");

    /** What each Marina writes for itself; everything else of a base is shared. */
    private static final Set<String> OWN = Set.of("data", "logs", "run", "work");

    private final Surroundings surroundings;

    Launcher(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * What all machines share.
     *
     * @param run the name of this run, part of every mark
     * @param folder where each machine has a folder of its own
     * @param directory what relative paths of the topology are relative to
     * @param home the installation whose bin/marina.sh is started
     * @param dns the address of the DNS server, with its port
     */
    record Surroundings(String run, Path folder, Path directory, Path home, String dns) {}

    /** The Unix socket of a machine's API. */
    Path apiSocket(MachineSpec machine) {
        return surroundings.folder().resolve(machine.id()).resolve("api");
    }

    String mark(MachineSpec machine) {
        return Warden.MARK + "=" + surroundings.run() + "/" + machine.id();
    }

    Process start(App app, MachineSpec machine, String address) throws IOException {
        Path own = Files.createDirectories(surroundings.folder().resolve(machine.id()));
        Map<String, String> environment = environment(app, machine, address);
        List<String> command = new ArrayList<>(List.of("setsid"));
        if (machine.marina() != null) {
            Path base = surroundings.directory().resolve(machine.marina());
            environment.put("MARINA_HOME", surroundings.home().toString());
            environment.put("MARINA_BASE", share(base, own.resolve("base")).toString());
            command.add(surroundings.home().resolve("bin/marina.sh").toString());
            command.add("run");
        }
        machine.command().forEach(word -> command.add(fill(word, environment)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory(machine).toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        own.resolve("output.log").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("FLY_") || name.startsWith("MARINA_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private Path directory(MachineSpec machine) {
        return machine.directory() == null
                ? surroundings.directory()
                : surroundings.directory().resolve(machine.directory());
    }

    private Map<String, String> environment(App app, MachineSpec machine, String address) {
        Map<String, String> found = new HashMap<>(machine.env());
        found.put(Warden.MARK, surroundings.run() + "/" + machine.id());
        found.put("FLY_APP_NAME", app.name());
        found.put("FLY_MACHINE_ID", machine.id());
        found.put("FLY_ALLOC_ID", machine.id());
        found.put("FLY_REGION", machine.region());
        found.put("FLY_PRIVATE_IP", address);
        found.put("FLY_PUBLIC_IP", address);
        found.put("FLY_IMAGE_REF", "registry.fly.io/" + app.name() + ":simulated");
        found.put("FLY_MACHINE_VERSION", "01" + machine.id());
        found.put("FLY_PROCESS_GROUP", machine.group());
        found.put("FLY_VM_MEMORY_MB", Integer.toString(machine.memory()));
        if (app.primaryRegion() != null) {
            found.put("PRIMARY_REGION", app.primaryRegion());
        }
        found.put("FLEET_ADDRESS", address);
        found.put("FLEET_DNS", surroundings.dns());
        found.put("FLEET_API", apiSocket(machine).toString());
        found.putIfAbsent("PORT", Integer.toString(app.services().get(0).internalPort()));
        return found;
    }

    /** A base with the files of another one, and data, logs and run of its own. */
    private static Path share(Path base, Path own) throws IOException {
        Files.createDirectories(own);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base)) {
            for (Path entry : entries) {
                Path link = own.resolve(entry.getFileName());
                if (!OWN.contains(entry.getFileName().toString())
                        && !Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(link, entry.toAbsolutePath());
                }
            }
        } catch (java.nio.file.NoSuchFileException e) {
            throw new UncheckedIOException("the base folder " + base + " of a machine does not exist", e);
        }
        return own;
    }

    private static String fill(String word, Map<String, String> environment) {
        Matcher places = PLACEHOLDER.matcher(word);
        return places.replaceAll(
                found -> Matcher.quoteReplacement(environment.getOrDefault(found.group(1), found.group())));
    }
}
