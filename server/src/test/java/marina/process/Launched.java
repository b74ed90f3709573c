package marina.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A launcher with a folder of its own, and short words for what the tests start. */
final class Launched implements AutoCloseable {
    final Path folder;
    final Path records;
    final ProcessLauncher launcher;
    final Queue<String> output = new ConcurrentLinkedQueue<>();

    Launched(Path folder) {
        this(folder, new CgroupTree(Path.of("/proc/self")));
    }

    Launched(Path folder, CgroupTree cgroups) {
        this.folder = folder;
        this.records = folder.resolve("records");
        this.launcher = new ProcessLauncher(records, cgroups);
    }

    RunningProcess sh(String script) throws LaunchException {
        return launch(List.of("sh", "-c", script), Map.of("PATH", System.getenv("PATH")));
    }

    RunningProcess launch(List<String> command, Map<String, String> environment) throws LaunchException {
        return launcher.launch(new ProcessSpec(
                "/shop", command, folder, environment, (channel, line) -> output.add(channel + " " + line)));
    }

    static ExitOutcome exitOf(RunningProcess process) throws Exception {
        return process.exit().get(10, TimeUnit.SECONDS);
    }

    static void end(RunningProcess process, Duration grace) throws Exception {
        process.terminate(grace).get(10, TimeUnit.SECONDS);
    }

    /** The pid that a script wrote into this file of the folder, or 0. */
    long pidIn(String file) throws Exception {
        Path path = folder.resolve(file);
        String text = Files.exists(path) ? Files.readString(path).strip() : "";
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** Whether a process runs; a zombie that nobody has reaped does not. */
    static boolean alive(long pid) {
        return new ProcTable().find(pid).filter(ProcEntry::alive).isPresent();
    }

    @Override
    public void close() {
        launcher.close();
    }
}
