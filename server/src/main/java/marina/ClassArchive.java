package marina;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import marina.process.ExitOutcome;
import marina.process.LaunchException;
import marina.process.OutputSink;
import marina.process.ProcessLauncher;
import marina.process.ProcessSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server's JVM would otherwise read, check and compile anew at each start: its classes in an archive (class-data sharing, from
 * Java 25 on the AOT cache), in {@code work/cds}. {@code bin/marina.sh} hands it to the JVM when there is one, and says where it
 * looks for it ({@link #PLACE}); it is made by another process that plays a server ({@link Rehearsal}), in the background. Without
 * one, starts are slower and nothing else. Thread-safe.
 */
final class ClassArchive implements AutoCloseable {
    /** System property: where the archive for this JVM and its options lies, without size and ending. */
    static final String PLACE = "marina.archive";

    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration BREATH = Duration.ofSeconds(5);
    private static final long LEAST_MEMORY = 900L << 20;
    private static final String DRAFT = "draft-server";
    private static final int FIRST_WITH_AOT = 25;

    /** What of this JVM's options decides whether an archive fits, and does not meddle with another process. */
    private static final List<String> PASSED_ON = List.of(
            "--add-opens",
            "--add-exports",
            "--enable-native-access",
            "-Djava.awt.headless",
            "-Dfile.encoding",
            "-Xmx",
            "-XX:MaxRAMPercentage",
            "-XX:+Use",
            "-XX:-Use",
            "-XX:TieredStopAtLevel");

    /** Profiles of methods make the next start compile them, which needs the processors itself; and they take memory. */
    private static final List<String> WITHOUT_PROFILES =
            List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining");

    private final Path place;
    private final List<String> options;
    private final List<Path> classPath;
    private final ProcessLauncher launcher;
    private final String home;
    private final ShippedArchive shipped;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "marina-archive");
        thread.setDaemon(true);
        return thread;
    });
    private volatile CompletableFuture<String> pending = CompletableFuture.completedFuture("");
    private volatile boolean closed;

    private ClassArchive(Path place, String home, ProcessLauncher launcher) {
        this.place = place;
        this.home = home;
        this.shipped = new ShippedArchive(
                Path.of(home).toAbsolutePath().resolve("work/cds").resolve(place.getFileName()));
        this.launcher = launcher;
        this.options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> PASSED_ON.stream().anyMatch(option::startsWith))
                .filter(option -> !option.startsWith("-XX:+UseSharedSpaces"))
                .toList();
        this.classPath = Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    /**
     * The archive of this JVM; empty when the scripts want none.
     *
     * @param home installation
     * @param records where running processes are written down
     */
    static Optional<ClassArchive> of(Path home, Path records) {
        String place = System.getProperty(PLACE, "");
        return place.isEmpty()
                ? Optional.empty()
                : Optional.of(new ClassArchive(
                        Path.of(place).toAbsolutePath(), home.toString(), new ProcessLauncher(records)));
    }

    /** Makes it when it is missing or made for other jars; later, when the first requests have been answered. */
    void wish() {
        if (memory() < LEAST_MEMORY) {
            return; // a second JVM might cost an application its life; an image can be built with an archive
        }
        var unused = timer.schedule(this::makeIfMissing, BREATH.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void makeIfMissing() {
        try {
            String made = madeFor();
            boolean jars = classPath.stream().allMatch(entry -> entry.toString().endsWith(".jar"));
            if (jars && !place.equals(shipped.place()) && shipped.fits(made)) {
                removeOthers(); // the script would take them first
                Files.deleteIfExists(note(".txt"));
            } else if (jars && !made.equals(read(note(".txt"))) && !made.equals(read(note(".failed")))) {
                var unused = make().thenAccept(problem -> {
                    if (!problem.isEmpty() && !closed) {
                        LOG.info(
                                "No archive of Marina's classes, its next starts are as slow as this one: {}", problem);
                    }
                });
            }
        } catch (IOException | LaunchException e) {
            LOG.info("No archive of Marina's classes, its next starts are as slow as this one: {}", e.toString());
        }
    }

    /**
     * Makes it now.
     *
     * @return completes with what went wrong, empty when it is there
     * @throws IOException when there is no place for it
     * @throws LaunchException when no process can be started
     */
    CompletableFuture<String> make() throws IOException, LaunchException {
        String made = madeFor();
        Path folder = folder();
        Files.createDirectories(folder);
        sweep(folder);
        Path base = Files.createTempDirectory(folder, DRAFT);
        Path fresh = base.resolve("archive");
        try {
            var process = launcher.launch(new ProcessSpec(
                    "class archive of Marina", command(fresh), base, environment(base), OutputSink.NONE));
            pending = process.exitWithin(LONGEST)
                    .thenCompose(ended -> process.terminate(GRACE))
                    .thenCompose(gone -> process.exit())
                    .thenApply(outcome -> keep(outcome, fresh, made))
                    .exceptionally(Throwable::toString)
                    .whenComplete((problem, failure) -> delete(base));
            return pending;
        } catch (LaunchException e) {
            delete(base);
            throw e;
        }
    }

    private String keep(ExitOutcome outcome, Path fresh, String made) {
        try {
            if (outcome.status() != 0 || !Files.isRegularFile(fresh)) {
                if (!closed) {
                    Files.writeString(note(".failed"), made); // the next start need not try the same
                }
                return outcome.describe() + " " + String.join(" | ", outcome.lastLines());
            }
            try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.READ)) {
                written.force(true); // after a power cut, a file with its name and size is whole
            }
            removeOthers();
            Path file = place.resolveSibling(place.getFileName() + "-" + Files.size(fresh) + (aot() ? ".aot" : ".jsa"));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(note(".txt"), made);
            LOG.info("Archive of Marina's classes made, its next starts are faster: {}", file);
            return "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private List<String> command(Path fresh) {
        List<String> command = new ArrayList<>();
        Stream.of("/usr/bin/nice", "/bin/nice")
                .filter(nice -> Files.isExecutable(Path.of(nice)))
                .findFirst()
                .ifPresent(nice -> command.addAll(List.of(nice, "-n", "10")));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(aot() ? WITHOUT_PROFILES : List.of());
        command.add((aot() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + fresh);
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), "marina.Main", "rehearse"));
        return command;
    }

    private Map<String, String> environment(Path base) {
        return Map.of(
                "PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                "MARINA_HOME", home,
                "MARINA_BASE", base.toString());
    }

    /** A JVM and its options without the collector, which may be any, and the jars as the JVM itself compares them. */
    private String madeFor() {
        String decisive = String.join(" ", options).replaceAll(" ?-XX:[+-]Use\\w+GC", "");
        String jars = classPath.stream().map(ClassArchive::describe).collect(Collectors.joining("\n"));
        return System.getProperty("java.home") + " " + System.getProperty("java.vm.version") + "\n" + decisive + "\n"
                + jars + "\n";
    }

    private static String describe(Path jar) {
        try {
            return jar + " " + Files.size(jar) + " "
                    + Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS);
        } catch (IOException e) {
            return jar.toString();
        }
    }

    /** What a killed Marina has left; not what another one is making, which has no more time than {@link #LONGEST}. */
    private static void sweep(Path folder) throws IOException {
        Instant last = Instant.now().minus(LONGEST.multipliedBy(2));
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, DRAFT + "*")) {
            for (Path draft : drafts) {
                if (Files.getLastModifiedTime(draft).toInstant().isBefore(last)) {
                    delete(draft);
                }
            }
        }
    }

    private Path folder() {
        return place.resolveSibling(".").normalize();
    }

    private Path note(String ending) {
        return note(place, ending);
    }

    private static Path note(Path place, String ending) {
        return place.resolveSibling(place.getFileName() + ending);
    }

    private static String read(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readString(file) : "";
    }

    /** Those for other options or jars. A JVM that runs with one keeps its content. */
    private void removeOthers() throws IOException {
        if (!Files.isDirectory(folder())) {
            return;
        }
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.filter(
                            other -> other.getFileName().toString().startsWith(place.getFileName() + "-"))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean aot() {
        return Runtime.version().feature() >= FIRST_WITH_AOT;
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    private static void delete(Path base) {
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("Cannot delete {}: {}", base, e.toString());
        }
    }

    /** Ends the process that makes it, if it runs. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        launcher.close();
        pending.completeOnTimeout("", 2, TimeUnit.SECONDS).join();
    }
}
