package marina.process;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A Marina that starts a tree and then waits to be killed. */
public final class KilledMarina {
    private KilledMarina() {}

    /** Folder for the tree's pids, folder for the records. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        ProcessLauncher launcher = new ProcessLauncher(Path.of(arguments[1]));
        String script = "setsid sh -c 'echo $$ > escaped; sleep 60; :' & echo $$ > leader; wait";
        launcher.launch(new ProcessSpec(
                "/orphan",
                List.of("sh", "-c", script),
                folder,
                Map.of("PATH", System.getenv("PATH")),
                OutputSink.NONE));
        new CountDownLatch(1).await();
    }

    static List<String> command(Path folder, Path records) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path").replace(";", File.pathSeparator),
                KilledMarina.class.getName(),
                folder.toString(),
                records.toString());
    }
}
