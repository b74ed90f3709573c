package marina.config;

/**
 * How the process of a context runs; without meaning for the kinds that have none.
 *
 * @param socket whether it listens on a Unix socket, ${socket}, instead of ${port}
 * @param memoryLimit bytes; 0 means no limit
 * @param user it runs as, empty for Marina's own
 * @param group it runs as, empty for the user's
 * @param inheritEnv whether it gets Marina's own environment besides {@code env}
 */
public record ProcessConfig(boolean socket, long memoryLimit, String user, String group, boolean inheritEnv) {

    /** Nothing special. */
    public static final ProcessConfig DEFAULT = new ProcessConfig(false, 0, "", "", false);
}
