package marina.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import marina.config.Directories;
import marina.server.MarinaServer;

/** Stops a running Marina and waits until it is gone, by force when that was asked for. */
final class Stopping {
    private static final Duration FORCED = Duration.ofSeconds(10);

    private final Directories directories;
    private final Path pidFile;
    private final ControlClient client;
    private final Terminal terminal;

    Stopping(Directories directories, Path pidFile, ControlClient client, Terminal terminal) {
        this.directories = directories;
        this.pidFile = pidFile;
        this.client = client;
        this.terminal = terminal;
    }

    int stop(Duration patience, boolean force) throws IOException {
        Optional<ProcessHandle> running = ask();
        if (running.isEmpty()) {
            terminal.complain("Marina is not running in " + directories.base());
            return CommandLine.NOT_RUNNING;
        }
        ProcessHandle process = running.get();
        if (waitFor(process, patience)) {
            terminal.say("Marina stopped (pid " + process.pid() + ").");
            return CommandLine.DONE;
        }
        if (!force) {
            terminal.complain("Marina did not stop within " + patience.toSeconds() + " s (pid " + process.pid()
                    + "); it may still be draining. Wait, or use -force.");
            return CommandLine.FAILED;
        }
        process.destroyForcibly();
        waitFor(process, FORCED);
        MarinaServer.endOrphans(directories).forEach(terminal::say);
        terminal.say("The Marina process has been killed (pid " + process.pid() + ").");
        return CommandLine.DONE;
    }

    /** By the control socket, or by a signal when Marina no longer answers there. */
    private Optional<ProcessHandle> ask() throws IOException {
        try {
            long pid = ControlStatus.of(client.send("GET", "/status")).pid();
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            client.send("POST", "/stop");
            return process;
        } catch (IOException e) {
            Optional<ProcessHandle> process = ownerOfLock();
            process.ifPresent(ProcessHandle::destroy);
            return process;
        }
    }

    /** The pid file alone proves nothing, a pid may be another's by now; together with the lock that is held it does. */
    private Optional<ProcessHandle> ownerOfLock() throws IOException {
        if (!InstanceLock.isHeld(directories.run())) {
            return Optional.empty();
        }
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean waitFor(ProcessHandle process, Duration patience) throws IOException {
        return LiveProcess.await(() -> !LiveProcess.runs(process.pid()), patience);
    }
}
