package marina;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import marina.admin.Announcement;
import marina.admin.CommandLine;
import marina.admin.ControlHandler;
import marina.admin.InstanceLock;
import marina.config.ConfigLoader;
import marina.config.ConfigNote;
import marina.config.Directories;
import marina.config.LogConfig;
import marina.history.History;
import marina.history.Restoration;
import marina.host.Deployments;
import marina.host.ReloadCause;
import marina.host.Reloader;
import marina.server.MarinaServer;
import marina.server.Preparation;
import marina.server.StartException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verb {@code run}: a server in the foreground, until a signal or {@code stop} ends it. */
@Command(name = "run", description = "run in the foreground")
final class RunServer implements Callable<Integer> {
    private static final int HALTED = 130;

    private final CommandLine commands;
    private final Directories directories;
    private final Map<String, String> environment;
    private final Consumer<MarinaServer> play;
    private final CompletableFuture<Void> stopRequested = new CompletableFuture<>();
    private final AtomicBoolean signalled = new AtomicBoolean();

    @Option(names = "--background", hidden = true, description = "log to the file only")
    private boolean background;

    /** One whose options picocli fills in. */
    RunServer(CommandLine commands, Directories directories, Map<String, String> environment) {
        this(commands, directories, environment, false);
    }

    /**
     * One whose options are known.
     *
     * @param background to log to the file only, and tell {@code start} that it serves
     */
    RunServer(CommandLine commands, Directories directories, Map<String, String> environment, boolean background) {
        this(commands, directories, environment, server -> {});
        this.background = background;
    }

    /**
     * One that ends by itself.
     *
     * @param play what it serves for
     */
    static RunServer once(
            CommandLine commands,
            Directories directories,
            Map<String, String> environment,
            Consumer<MarinaServer> play) {
        RunServer run = new RunServer(commands, directories, environment, play);
        run.background = true;
        run.stopRequested.complete(null);
        return run;
    }

    private RunServer(
            CommandLine commands,
            Directories directories,
            Map<String, String> environment,
            Consumer<MarinaServer> play) {
        this.commands = commands;
        this.directories = directories;
        this.environment = environment;
        this.play = play;
    }

    @Override
    public Integer call() throws IOException {
        Optional<InstanceLock> lock = InstanceLock.take(directories.run(), commands.pidFile());
        if (lock.isEmpty()) {
            System.err.println(commands.describeRunning());
            return CommandLine.FAILED;
        }
        try {
            if (new Restoration(new History(directories)).finish()) {
                System.err.println("Finished the rollback that a former Marina had begun");
            }
            finishDeployment();
            List<ConfigNote> notes = new ArrayList<>();
            Optional<ConfigLoader.Draft> draft =
                    commands.draft(notes::add, config -> !config.hooks().start().isEmpty());
            if (draft.isEmpty()) {
                return CommandLine.FAILED;
            }
            startLogging(draft.get().config().log());
            notes.forEach(Reloader::log);
            return serve(draft.get());
        } catch (StartException e) {
            System.err.println("Marina cannot start: " + e.getMessage());
            return CommandLine.FAILED;
        } finally {
            lock.get().close();
        }
    }

    private void finishDeployment() {
        try {
            if (Deployments.finish(directories)) {
                System.err.println("Finished the undeployment or rollback that a former Marina had begun");
            }
        } catch (IOException e) {
            System.err.println("The undeployment or rollback that a former Marina had begun could not be finished: " + e
                    + "; it is tried again with the next deployment and the next start");
        }
    }

    private int serve(ConfigLoader.Draft draft) throws StartException {
        MarinaServer.Installation installation = new MarinaServer.Installation(
                directories,
                commands.configFile(),
                environment,
                ManagementFactory::getPlatformMBeanServer,
                commands.loader());
        Signals.on("HUP", () -> {}); // there is nothing to reload yet
        Preparation preparation = new Preparation(installation);
        Signals.on("TERM", () -> signalled(preparation::giveUp));
        Signals.on("INT", () -> signalled(preparation::giveUp));
        MarinaServer server = new MarinaServer(
                installation,
                preparation.complete(draft),
                self -> new ControlHandler(self, () -> stopRequested.complete(null)));
        Signals.on("TERM", () -> signalled(server::giveUpStart));
        Signals.on("INT", () -> signalled(server::giveUpStart));
        if (signalled.get()) {
            server.giveUpStart(); // asked for while neither could be told
        }
        var unused = server.machine().stopWanted().thenRun(() -> stopRequested.complete(null));
        Optional<ClassArchive> archive =
                ClassArchive.of(directories.home(), directories.run().resolve("processes"));
        try (Supervision supervision = new Supervision(environment)) {
            live(server, supervision, archive);
        }
        flushLogs();
        return CommandLine.DONE;
    }

    private void live(MarinaServer server, Supervision supervision, Optional<ClassArchive> archive)
            throws StartException {
        AtomicBoolean serving = new AtomicBoolean();
        AtomicBoolean reloadWanted = new AtomicBoolean(); // by who has changed what this start had read already
        Runnable reload = () -> {
            if (serving.get() && reloadWanted.compareAndSet(true, false)) {
                reload(server, supervision);
            }
        };
        Signals.on("HUP", () -> {
            reloadWanted.set(true);
            reload.run();
        });
        server.start();
        serving.set(true);
        supervision.ready(server);
        archive.ifPresent(ClassArchive::wish);
        if (background) {
            Announcement.write(server);
        }
        reload.run();
        Rest rest = new Rest(server);
        play.accept(server);
        stopRequested.join();
        rest.close();
        supervision.stopping();
        Announcement.delete(directories);
        archive.ifPresent(ClassArchive::close);
        server.stop();
    }

    /** Its outcome is logged, too. */
    private static void reload(MarinaServer server, Supervision supervision) {
        supervision.reloading();
        var unused = server.reloader()
                .reload(ReloadCause.SIGHUP)
                .thenAccept(outcome -> supervision.reloaded(String.join("; ", outcome.messages())));
    }

    /** The first asks for a clean stop; the second one forces, and takes along what Marina has started. */
    private void signalled(Runnable giveUpStart) {
        if (signalled.compareAndSet(false, true)) {
            stopRequested.complete(null);
            giveUpStart.run();
        } else {
            MarinaServer.endOrphans(directories);
            Runtime.getRuntime().halt(HALTED);
        }
    }

    private void startLogging(LogConfig log) throws StartException {
        if (Files.exists(log.directory()) && !Files.isDirectory(log.directory())) {
            throw new StartException("log.directory: " + log.directory()
                    + " is not a folder; remove it or write another folder at log.directory");
        }
        try {
            Files.createDirectories(log.directory());
        } catch (IOException e) {
            throw new StartException(
                    "log.directory: the folder " + log.directory() + " cannot be made (" + e.getMessage()
                            + "); make it or write another folder at log.directory",
                    e);
        }
        if (!Files.isWritable(log.directory())) {
            throw new StartException("log.directory: the folder " + log.directory()
                    + " is not writable; change its owner or its mode, or write another folder at log.directory");
        }
        Path own = directories.conf().resolve("logback.xml");
        Path file = Files.exists(own) ? own : directories.home().resolve("conf").resolve("logback.xml");
        Logging.start(file, log, background);
    }

    private static void flushLogs() {
        if (LoggerFactory.getILoggerFactory() instanceof ch.qos.logback.classic.LoggerContext context) {
            context.stop();
        }
    }
}
