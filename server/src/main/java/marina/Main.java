package marina;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import marina.admin.CommandLine;
import marina.config.Directories;
import marina.webapp.WarProcess;

/** Arguments to exit status. */
public final class Main {

    /** The verb of a JVM that runs one WAR by itself; Marina starts it, operators do not. */
    private static final String WAR = "war";

    /** The verb of a JVM whose classes are to be kept ({@link ClassArchive}). */
    private static final String REHEARSE = "rehearse";

    private Main() {}

    /**
     * The program. MARINA_HOME and MARINA_BASE name the installation and the instance; without them both are the
     * working directory.
     */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        if (arguments.length > 0 && arguments[0].equals(WAR)) {
            System.exit(WarProcess.run(List.of(arguments).subList(1, arguments.length), environment));
        }
        Path home = Path.of(environment.getOrDefault("MARINA_HOME", "."));
        Path base = environment.containsKey("MARINA_BASE") ? Path.of(environment.get("MARINA_BASE")) : home;
        Directories directories = new Directories(home, base);
        System.setProperty("logback.configurationFile", "marina/commands-logback.xml"); // run has one of its own
        Optional<ServerArguments> start = ServerArguments.of(arguments);
        if (start.isPresent()) {
            lookAhead();
            CommandLine line =
                    new CommandLine(directories, environment, start.get().config());
            System.exit(carryOut(
                    new RunServer(line, directories, environment, start.get().background())));
        }
        CommandLine commands = new CommandLine(directories, environment);
        if (arguments.length == 1 && arguments[0].equals(REHEARSE)) {
            System.exit(carryOut(new Rehearsal(commands, directories, environment)));
        }
        picocli.CommandLine line = commands.picocli();
        line.addSubcommand("run", new RunServer(commands, directories, environment));
        line.addSubcommand("archive", new ArchiveVerb(commands, directories));
        System.exit(line.execute(arguments));
    }

    /**
     * Has another processor find out now what Jetty's tables and the log will ask for: all locales and the time zone, which takes a
     * tenth of a start. Nothing here may make a logger.
     */
    private static void lookAhead() {
        if (Runtime.getRuntime().availableProcessors() > 1) {
            Thread ahead = new Thread(
                    () -> {
                        var unusedZone = ZoneId.systemDefault().getRules();
                        var unusedLocales = Locale.getAvailableLocales();
                    },
                    "marina-ahead");
            ahead.setDaemon(true);
            ahead.start();
        }
    }

    private static int carryOut(Callable<Integer> verb) {
        try {
            return verb.call();
        } catch (Exception e) {
            System.err.println("marina: " + e.getMessage());
            return CommandLine.FAILED;
        }
    }
}
