package marina.config;

/**
 * How the process of a context runs; without meaning for the kinds that have none.
 *
 * @param socket whether it listens on a Unix socket, ${socket}, instead of ${port}
 * @param memoryLimit bytes; 0 means no limit
 * @param user it runs as, as written; empty for Marina's own
 * @param group it runs as, as written; empty for the user's
 * @param account what user and group mean on this machine
 * @param inheritEnv whether it gets Marina's own environment besides {@code env}
 * @param openFiles file descriptors that each of its processes may have; 0 means what Marina has
 * @param processes that it may consist of, threads included; 0 means no limit
 */
public record ProcessConfig(
        boolean socket,
        long memoryLimit,
        String user,
        String group,
        RunAs account,
        boolean inheritEnv,
        int openFiles,
        int processes) {

    /** Nothing special. */
    public static final ProcessConfig DEFAULT = new ProcessConfig(false, 0, "", "", RunAs.MARINA, false, 0, 0);
}
