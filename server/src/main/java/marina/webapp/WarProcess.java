package marina.webapp;

import java.util.List;
import java.util.Map;

/** The program of a JVM that runs one WAR by itself: what {@code isolation: process} starts. */
public final class WarProcess {

    private WarProcess() {}

    /**
     * Runs until the process is told to end (SIGTERM).
     *
     * @param arguments {@code --war FILE --path CONTEXT --port N --ee LEVEL --base DIR --home DIR --pool N --jndi NAME}
     * @param environment DATABASE_URL and the rest of the WAR's settings
     * @return exit status: 0 after a clean stop, 1 when the WAR failed to start (reason on standard error)
     */
    public static int run(List<String> arguments, Map<String, String> environment) {
        throw new UnsupportedOperationException("" + arguments + environment);
    }

    /** The names of the arguments, in the order of {@link #run}; for whoever builds the command line. */
    public static List<String> arguments(WarSettings settings, String home, String port) {
        throw new UnsupportedOperationException("" + settings + home + port);
    }
}
