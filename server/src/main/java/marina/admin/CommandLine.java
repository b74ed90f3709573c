package marina.admin;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import marina.config.ConfigException;
import marina.config.ConfigLoader;
import marina.config.ConfigNote;
import marina.config.Directories;
import marina.config.ServerConfig;
import marina.config.SettingsFiles;
import marina.navigator.NavigatorFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
            "help VERB and VERB --help tell more of a verb.",
            "Exit status: 0 done, 1 failed, 2 wrong usage, 3 not running."
        })
public final class CommandLine {

    /** Done. */
    public static final int DONE = 0;

    /** Failed; the reason is on standard error. */
    public static final int FAILED = 1;

    /** The command was written wrongly. */
    public static final int WRONG_USAGE = 2;

    /** Marina is not running. */
    public static final int NOT_RUNNING = 3;

    private final Directories directories;
    private final Map<String, String> environment;
    private final ConfigLoader loader;

    @Spec // set by picocli; null where it was not asked
    private picocli.CommandLine.Model.@Nullable CommandSpec spec;

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

    @Option(
            names = "--json",
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "say it as one line of JSON, for programs")
    private boolean json;

    private @Nullable JsonReport report;

    /** The command line of an instance. */
    public CommandLine(Directories directories, Map<String, String> environment) {
        this.directories = directories;
        this.environment = environment;
        this.loader = new ConfigLoader(directories, environment, new NavigatorFormat(directories, environment));
    }

    /** The command line of an instance whose arguments were understood without picocli. */
    public CommandLine(Directories directories, Map<String, String> environment, Path configFile) {
        this(directories, environment);
        this.configFile = configFile;
    }

    /** Ready to execute; further verbs can be added as subcommands. */
    public picocli.CommandLine picocli() {
        picocli.CommandLine line = new picocli.CommandLine(this);
        new DatabaseVerbs(this).all().forEach(line::addSubcommand);
        new DeployVerbs(this).all().forEach(line::addSubcommand);
        line.addSubcommand(new CheckVerb(this));
        line.addSubcommand(new DumpVerb(this));
        line.addSubcommand(new ConvertVerb(this));
        line.addSubcommand(new LogsVerb(this));
        line.addSubcommand(new HtpasswdVerb(this, System.in));
        new MachineVerbs(this).all().forEach(line::addSubcommand);
        line.addSubcommand(new PoolVerb(this));
        line.addSubcommand(new ExportVerb(this, environment));
        line.addSubcommand(new PrerenderVerb(this, this::client));
        new HistoryVerbs(this).all().forEach(line::addSubcommand);
        new ServerVerbs(this).all().forEach(line::addSubcommand);
        new LifeVerbs(this).all().forEach(line::addSubcommand);
        new ShellVerbs(this).all().forEach(line::addSubcommand);
        CompletionVerb.all(this).forEach(line::addSubcommand);
        line.addSubcommand(new TopVerb(this, environment));
        line.addSubcommand(new HelpVerb(this));
        line.setColorScheme(picocli.CommandLine.Help.defaultColorScheme(
                Look.of(environment).colours() ? picocli.CommandLine.Help.Ansi.ON : picocli.CommandLine.Help.Ansi.OFF));
        line.setExecutionStrategy(parsed -> {
            int status = new picocli.CommandLine.RunLast().execute(parsed);
            terminal().end(status == DONE);
            return status;
        });
        return line.setExecutionExceptionHandler((exception, failed, result) -> {
            terminal().complain("marina: " + exception.getMessage());
            terminal().end(false);
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
        return draft(notes, config -> false).map(ConfigLoader.Draft::config);
    }

    /** As {@link #load}; files may be missing where that says so, because hooks make them. */
    public Optional<ConfigLoader.Draft> draft(Consumer<ConfigNote> notes, Predicate<ServerConfig> mayLackFiles) {
        try {
            ConfigLoader.Draft draft = loader().draft(configFile(), notes, SettingsFiles.onDisk());
            var unused = mayLackFiles.test(draft.config()) ? draft.config() : draft.complete();
            return Optional.of(draft);
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

    /** Reads the configuration; always the same one, which knows what it has read. */
    public ConfigLoader loader() {
        return loader;
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
        return control(method, target, ControlClient.Answer::json, then);
    }

    /**
     * Has the running Marina do it.
     *
     * @param shape what is printed with --json
     */
    int control(String method, String target, Function<ControlClient.Answer, Object> shape, OnAnswer then)
            throws IOException {
        ControlClient.Answer answer;
        String verb = target.replaceAll("[?].*", "").replaceAll(".*/", "");
        Duration patience = method.equals("GET") ? ControlClient.AT_ONCE : ControlClient.LONG;
        try {
            answer = terminal().progress(verb).during(() -> client().send(method, target, patience));
        } catch (SocketException e) {
            return noAnswer(e);
        }
        if (terminal().json(answer.status() == 200 ? shape.apply(answer) : answer.json())) {
            return answer.status() == 200 ? DONE : FAILED;
        }
        return then.take(answer);
    }

    /** Waits for work, and shows on a terminal how long it takes. Throws what it has failed with. */
    public <T> T await(String what, CompletableFuture<T> work) {
        return terminal().progress(what).during(work::join);
    }

    /** Has the running Marina take a file, and says what came of it. */
    int upload(String target, Path file) throws IOException {
        ControlClient.Answer answer;
        try {
            answer = terminal().progress("deploy").during(() -> client().upload(target, file));
        } catch (SocketException e) {
            return noAnswer(e);
        }
        if (terminal().json(answer.json())) {
            return answer.status() == 200 ? DONE : FAILED;
        }
        return sayOutcome(answer);
    }

    /** What the running Marina says from memory. */
    ControlClient.Answer ask(String target) throws IOException {
        return client().send("GET", target);
    }

    /** The configuration, if it can be read; nothing is said when not. */
    Optional<ServerConfig> quietly() {
        try {
            return Optional.of(loader().load(configFile()));
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    int noAnswer(SocketException failure) throws IOException {
        if (!InstanceLock.isHeld(directories.run())) {
            terminal().complain("Marina is not running in " + directories.base());
            return NOT_RUNNING;
        }
        terminal()
                .complain("Marina runs in " + directories.base() + " but does not answer: it is starting or stopping,"
                        + " or its control socket cannot be used (" + failure.getMessage() + ")");
        return FAILED;
    }

    int sayOutcome(ControlClient.Answer answer) {
        List<String> messages = ControlStatus.messages(answer);
        if (answer.status() == 200) {
            messages.forEach(terminal()::say);
            ControlStatus.changes(answer).forEach(change -> terminal().say("  " + change));
            return DONE;
        }
        messages.forEach(terminal()::complain);
        return FAILED;
    }

    ControlClient client() {
        return new ControlClient(directories.run().resolve("marina.sock"));
    }

    /** What picocli knows of this command, for messages about wrong usage. */
    picocli.CommandLine.Model.CommandSpec picocliSpec() {
        return Objects.requireNonNull(spec);
    }

    Terminal terminal() {
        if (json && report == null) {
            report = new JsonReport();
        }
        return spec == null
                ? Terminal.ofProcess()
                : new Terminal(spec.commandLine().getOut(), spec.commandLine().getErr(), report, Look.of(environment));
    }
}
