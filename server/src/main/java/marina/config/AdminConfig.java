package marina.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where console, REST and metrics answer, besides the control socket that is always there, and to whom.
 *
 * @param listen the addresses of the admin listener; none means the control socket only
 * @param path where they answer on the addresses of the server too, without a slash at the end; empty for nowhere
 * @param hosts names by which clients may call the admin listener, besides those of loopback and addresses
 * @param users the file with the users and their roles; nobody can log in while it is not there
 * @param idleTimeout how long a login lasts without use
 * @param maxUpload bytes of an archive at most that is deployed by upload
 */
public record AdminConfig(
        List<ListenConfig> listen, String path, List<String> hosts, Path users, Duration idleTimeout, long maxUpload) {

    /** The address where nothing else is written. When it is taken, the server starts all the same. */
    public static final String DEFAULT_ADDRESS = "127.0.0.1:8005";

    /** Copies its lists. */
    public AdminConfig {
        listen = List.copyOf(listen);
        hosts = List.copyOf(hosts);
    }
}
