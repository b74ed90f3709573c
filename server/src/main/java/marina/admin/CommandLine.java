package marina.admin;

import java.io.IOException;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import marina.config.ConfigDump;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ConfigNote;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.navigator.NavigatorFormat;
import marina.server.MarinaServer;
import org.eclipse.jetty.util.ajax.JSON;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The verbs of {@code bin/marina.sh} but {@code run}. Exit status: 0 done, 1 failed, 2 wrong usage, 3 not running.
 */
@Command(
        name = "marina.sh",
        description = "Starts, stops and watches Marina.",
        synopsisSubcommandLabel = "VERB",
        footer = {
            "",
            "  start      start in the background and wait until it answers",
            "  simulate   play a fleet of machines on this one: simulate FLEET.yml",
            "  help       this text; VERB --help tells more of a verb",
            "",
            "Exit status: 0 done, 1 failed, 2 wrong usage, 3 not running."
        })
public final class CommandLine {

    /** Done. */
    public static final int DONE = 0;

    /** Failed; the reason is on standard error. */
    public static final int FAILED = 1;

    /** Marina is not running. */
    public static final int NOT_RUNNING = 3;

    private final Directories directories;
    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private picocli.CommandLine.Model.CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "say what the verbs do")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "configuration to use instead of conf/server.yml")
    private Path configFile = Path.of("");

    /** The command line of an instance. */
    public CommandLine(Directories directories, Map<String, String> environment) {
        this.directories = directories;
        this.environment = environment;
    }

    /** Ready to execute; further verbs can be added as subcommands. */
    public picocli.CommandLine picocli() {
        picocli.CommandLine line = new picocli.CommandLine(this);
        new DatabaseVerbs(this).all().forEach(line::addSubcommand);
        new DeployVerbs(this).all().forEach(line::addSubcommand);
        line.addSubcommand(new CheckVerb(this));
        line.addSubcommand(new ConvertVerb(this));
        line.addSubcommand(new LogsVerb(this));
        line.addSubcommand(new HtpasswdVerb(this, System.in));
        new MachineVerbs(this).all().forEach(line::addSubcommand);
        line.addSubcommand(new PoolVerb(this));
        line.addSubcommand(new ExportVerb(this, environment));
        line.addSubcommand(new PrerenderVerb(this, this::client));
        return line.setExecutionExceptionHandler((exception, failed, result) -> {
            failed.getErr().println("marina: " + exception.getMessage());
            return FAILED;
        });
    }

    /** The configuration file that was asked for, or conf/server.yml, or conf/navigator.yml where only that is there. */
    public Path configFile() {
        boolean given = !configFile.toString().isEmpty();
        Path own = directories.conf().resolve("server.yml");
        Path navigators = directories.conf().resolve("navigator.yml");
        return given ? configFile.toAbsolutePath() : !Files.exists(own) && Files.exists(navigators) ? navigators : own;
    }

    /** Where a running Marina writes its process id: MARINA_PID, or run/marina.pid. */
    public Path pidFile() {
        String own = environment.getOrDefault("MARINA_PID", "");
        return own.isEmpty() ? directories.run().resolve("marina.pid") : Path.of(own);
    }

    /** Reads the configuration; says every problem and returns empty when it cannot be used. */
    public Optional<ServerConfig> load() {
        return load(note -> {});
    }

    /**
     * Reads the configuration; says every problem and returns empty when it cannot be used.
     *
     * @param notes takes what is no problem
     */
    public Optional<ServerConfig> load(Consumer<ConfigNote> notes) {
        try {
            return Optional.of(loader().load(configFile(), notes));
        } catch (ConfigException e) {
            e.problems().forEach(problem -> terminal().complain(problem.toString()));
            return Optional.empty();
        }
    }

    /** {@code Marina already runs: pid 812, http://localhost:8080}, of the one that has the lock. */
    public String describeRunning() {
        try {
            ControlStatus status = ControlStatus.of(client().send("GET", "/status"));
            return "Marina already runs: pid " + status.pid() + ", " + String.join(" ", status.urls());
        } catch (IOException e) {
            return "Marina already runs in " + directories.base() + " but does not answer on its control socket ("
                    + e.getMessage() + ")";
        }
    }

    ConfigLoader loader() {
        return new ConfigLoader(directories, environment, new NavigatorFormat(directories, environment));
    }

    @Command(name = "dump", description = "print the configuration as Marina understands it, secrets masked")
    int dump() {
        return load().map(config -> {
                    terminal().say(new ConfigDump(directories).dump(config).stripTrailing());
                    return DONE;
                })
                .orElse(FAILED);
    }

    @Command(name = "version", description = "print the versions of Marina and of the JVM")
    int version() {
        terminal()
                .say("Marina " + MarinaServer.version() + " (Java " + System.getProperty("java.version") + ", "
                        + System.getProperty("java.home") + ")");
        return DONE;
    }

    @Command(name = "status", description = "say whether Marina runs, where and since when")
    int status(@Option(names = "--json", description = "as JSON") boolean json) throws IOException {
        return control("GET", "/status", answer -> {
            if (json) {
                terminal().say(new JSON().toJSON(answer.json()));
            } else {
                ControlStatus status = ControlStatus.of(answer);
                terminal()
                        .say("Marina runs: pid " + status.pid() + ", " + String.join(" ", status.urls()) + ", "
                                + status.contexts() + " contexts, up " + status.uptimeMillis() / 1000 + " s");
                terminal().say(ControlStatus.room(answer));
                terminal().say(MachineVerbs.describe(answer));
            }
            return DONE;
        });
    }

    @Command(name = "contexts", description = "list the contexts with their URL, kind and state")
    int contexts(@Option(names = "--json", description = "as JSON") boolean json) throws IOException {
        return control("GET", ControlStatus.CONTEXTS, answer -> {
            if (json) {
                terminal().say(new JSON().toJSON(ControlStatus.items(answer)));
            } else {
                terminal().table(ControlStatus.contextTable(answer));
            }
            return DONE;
        });
    }

    @Command(name = "reload", description = "read the configuration anew and go over to it")
    int reload() throws IOException {
        return control("POST", "/reload");
    }

    @Command(name = "restart", description = "restart one context; without a path all of Marina")
    int restart(@Parameters(paramLabel = "PATH", description = "its path, for example /sam/list1") String path)
            throws IOException {
        String query = URLEncoder.encode(path, StandardCharsets.UTF_8);
        return control("POST", "/contexts/restart?path=" + query);
    }

    @Command(name = "stop", description = "drain and stop Marina and everything that it started")
    int stop(
            @Parameters(paramLabel = "SECONDS", arity = "0..1", defaultValue = "60", description = "how long to wait")
                    int seconds,
            @Option(
                            names = {"-force", "--force"},
                            description = "kill it when it has not stopped by then")
                    boolean force)
            throws IOException {
        return new Stopping(directories, pidFile(), client(), terminal()).stop(Duration.ofSeconds(seconds), force);
    }

    @Command(name = "await", hidden = true)
    int await(
            @Option(names = "--pid", required = true) long pid,
            @Option(names = "--output", required = true) Path output,
            @Option(names = "--from", required = true) long from)
            throws IOException {
        return new Starting(client(), terminal()).await(pid, output, from);
    }

    /** Has the running Marina do it, and says what came of it. */
    int control(String method, String target) throws IOException {
        return control(method, target, this::sayOutcome);
    }

    Directories directories() {
        return directories;
    }

    interface OnAnswer {
        int take(ControlClient.Answer answer);
    }

    int control(String method, String target, OnAnswer then) throws IOException {
        ControlClient.Answer answer;
        try {
            answer = client().send(method, target, method.equals("GET") ? ControlClient.AT_ONCE : ControlClient.LONG);
        } catch (SocketException e) {
            return noAnswer(e);
        }
        return then.take(answer);
    }

    /** Has the running Marina take a file, and says what came of it. */
    int upload(String target, Path file) throws IOException {
        ControlClient.Answer answer;
        try {
            answer = client().upload(target, file);
        } catch (SocketException e) {
            return noAnswer(e);
        }
        return sayOutcome(answer);
    }

    private int noAnswer(SocketException failure) throws IOException {
        if (!InstanceLock.isHeld(directories.run())) {
            terminal().complain("Marina is not running in " + directories.base());
            return NOT_RUNNING;
        }
        terminal()
                .complain("Marina runs in " + directories.base() + " but does not answer: it is starting or stopping,"
                        + " or its control socket cannot be used (" + failure.getMessage() + ")");
        return FAILED;
    }

    private int sayOutcome(ControlClient.Answer answer) {
        List<String> messages = ControlStatus.messages(answer);
        if (answer.status() == 200) {
            messages.forEach(terminal()::say);
            return DONE;
        }
        messages.forEach(terminal()::complain);
        return FAILED;
    }

    private ControlClient client() {
        return new ControlClient(directories.run().resolve("marina.sock"));
    }

    /** What picocli knows of this command, for messages about wrong usage. */
    picocli.CommandLine.Model.CommandSpec picocliSpec() {
        return spec;
    }

    Terminal terminal() {
        return new Terminal(spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
