package marina.webapp;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import marina.config.DatabaseConfig;
import marina.config.Directories;
import marina.config.EeLevel;
import marina.config.SessionPlace;
import org.slf4j.LoggerFactory;

/** The program of a JVM that runs one WAR by itself: what {@code isolation: process} starts. */
public final class WarProcess {
    /** Logback's own name for it. Without a file it would log what Jetty says for its developers. */
    private static final String LOG_SETTINGS = "logback.configurationFile";

    /** Followed by anything; the process then ends by itself. */
    private static final String REHEARSE = "--rehearse";

    private static final int MOST_CONNECTIONS = 1000;
    private static final int LAST_PORT = 65535;
    private static final List<String> OPTIONS = List.of(
            "--war",
            "--path",
            "--listen",
            "--ee",
            "--base",
            "--home",
            "--pool",
            "--jndi",
            "--sessions",
            "--version",
            "--entry",
            "--rehearse");

    private WarProcess() {}

    /**
     * Runs until the process is told to end (SIGTERM).
     *
     * @param arguments what {@link #arguments} gives: {@code --war FILE --path CONTEXT --listen PORT_OR_SOCKET --ee LEVEL
     *     --base DIR --home DIR --pool N --jndi NAME --sessions PLACE}, {@code --version V} if it has one, and {@code --entry NAME} for each
     *     setting, or of {@link #rehearsal}
     * @param environment DATABASE_URL, the values of the entries, and what {@link #environment} gives
     * @return exit status: 0 after a clean stop, 1 when the WAR failed to start (reason on standard error), 2 when the
     *     arguments make no sense
     */
    public static int run(List<String> arguments, Map<String, String> environment) {
        startLogging();
        WarServer server;
        try {
            server = parse(arguments, environment);
        } catch (IllegalArgumentException e) {
            System.err.println("Cannot run a WAR: " + e.getMessage());
            return 2;
        }
        return server.run();
    }

    /** No logger may have been made before: this class has none. Else a Logback in the WAR would read the file as well. */
    private static void startLogging() {
        if (System.getProperty(LOG_SETTINGS) == null) {
            System.setProperty(LOG_SETTINGS, "marina/webapp/logback.xml");
            var unused = LoggerFactory.getILoggerFactory();
            System.clearProperty(LOG_SETTINGS);
        }
    }

    /**
     * The arguments of {@link #run}; for whoever builds the command line. No value of a setting is among them, because
     * everybody on the machine can read command lines: the database URL and the entries belong in the environment.
     *
     * @param listen a port of 127.0.0.1 or the path of a Unix socket, or the text that will be replaced by one
     */
    public static List<String> arguments(WarSettings settings, String home, String listen) {
        List<String> arguments = new ArrayList<>(List.of(
                "--war", settings.archive().toString(),
                "--path", settings.contextPath(),
                "--listen", listen,
                "--ee", settings.level().name(),
                "--base", settings.base().toString(),
                "--home", home,
                "--pool", String.valueOf(settings.database().poolSize()),
                "--jndi", settings.database().jndi(),
                "--sessions", settings.sessions().name()));
        if (!settings.version().isEmpty()) {
            arguments.addAll(List.of("--version", settings.version()));
        }
        for (String name : new TreeSet<>(settings.entries().keySet())) {
            arguments.add("--entry");
            arguments.add(name);
        }
        return List.copyOf(arguments);
    }

    /** What such a process needs in its environment besides its settings. */
    public static Map<String, String> environment(WarSettings settings) {
        return Map.of(WebText.VARIABLE, WebText.write(settings.web()));
    }

    /** The arguments of a process that only loads what every WAR of a level needs, on any port, and ends. */
    public static List<String> rehearsal(EeLevel level, Path base, Path war, String home) {
        WarSettings settings =
                new WarSettings(Rehearsal.PATH, war, level, Map.of(), new DatabaseConfig("", 1, "jdbc/default"), base);
        List<String> arguments = new ArrayList<>(arguments(settings, home, "0"));
        arguments.addAll(List.of(REHEARSE, "yes"));
        return List.copyOf(arguments);
    }

    private static WarServer parse(List<String> arguments, Map<String, String> environment) {
        Map<String, String> options = new LinkedHashMap<>();
        Map<String, String> entries = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!OPTIONS.contains(name)) {
                throw new IllegalArgumentException("\"" + name + "\" is not one of " + String.join(", ", OPTIONS));
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            String value = arguments.get(i + 1);
            if (!name.equals("--entry")) {
                options.put(name, value);
            } else if (environment.get(value) != null) {
                entries.put(value, environment.getOrDefault(value, ""));
            }
        }
        Directories directories =
                new Directories(Path.of(option(options, "--home")), Path.of(option(options, "--base")));
        WarSettings settings = settings(options, entries, environment, directories);
        boolean socket = option(options, "--listen").startsWith("/");
        boolean rehearsal = options.containsKey(REHEARSE);
        return new WarServer(
                settings,
                directories,
                socket
                        ? UnixDomainSocketAddress.of(option(options, "--listen"))
                        : InetSocketAddress.createUnresolved(
                                "127.0.0.1", number(options, "--listen", rehearsal ? 0 : 1, LAST_PORT)),
                rehearsal);
    }

    private static WarSettings settings(
            Map<String, String> options,
            Map<String, String> entries,
            Map<String, String> environment,
            Directories directories) {
        String path = contextPath(options);
        String name = path.equals("/") ? "ROOT" : path.substring(1);
        String url = environment.getOrDefault("DATABASE_URL", "sqlite:data/" + name + ".db");
        DatabaseConfig database =
                new DatabaseConfig(url, number(options, "--pool", 1, MOST_CONNECTIONS), option(options, "--jndi"));
        return new WarSettings(
                path,
                Path.of(option(options, "--war")),
                choice(options, "--ee", EeLevel.values()),
                entries,
                database,
                choice(options, "--sessions", SessionPlace.values()),
                WebText.read(environment.getOrDefault(WebText.VARIABLE, "")),
                false,
                directories.base(),
                options.getOrDefault("--version", ""));
    }

    private static String contextPath(Map<String, String> options) {
        String path = option(options, "--path");
        if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
            throw new IllegalArgumentException("--path \"" + path + "\" is no context path; write e.g. /shop or /");
        }
        return path;
    }

    private static <E extends Enum<E>> E choice(Map<String, String> options, String name, E[] choices) {
        String text = option(options, name);
        for (E choice : choices) {
            if (choice.name().equalsIgnoreCase(text)) {
                return choice;
            }
        }
        String allowed = Arrays.toString(choices).toLowerCase(Locale.ROOT);
        throw new IllegalArgumentException(name + " \"" + text + "\" is not one of " + allowed);
    }

    private static String option(Map<String, String> options, String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static int number(Map<String, String> options, String name, int least, int most) {
        String value = option(options, name);
        String expected = name + " \"" + value + "\" is not a number from " + least + " to " + most;
        try {
            int number = Integer.parseInt(value);
            if (number < least || number > most) {
                throw new IllegalArgumentException(expected);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }
}
