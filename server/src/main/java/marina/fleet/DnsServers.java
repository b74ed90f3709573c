package marina.fleet;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.xbill.DNS.ResolverConfig;

/** Finds the DNS server to ask: the operator's, Fly's, or the system's. */
public final class DnsServers {
    private static final int PORT = 53;
    private static final String FLY = "[fdaa::3]:53";
    private static final int MOST_SUFFIXES = 6;

    private DnsServers() {}

    /**
     * The memory of what a server says.
     *
     * @param written {@code host:port}, empty for what is usual
     * @param onFly whether Fly's server is usual
     */
    public static FleetDns memory(
            String written, boolean onFly, Duration timeout, Executor executor, ScheduledExecutorService scheduler) {
        String server = written.isEmpty() && onFly ? FLY : written;
        if (!server.isEmpty()) {
            return new FleetDns(() -> address(server), List.of(), timeout, executor, scheduler);
        }
        List<String> search = ResolverConfig.getCurrentConfig().searchPath().stream()
                .map(name -> name.toString(true))
                .limit(MOST_SUFFIXES)
                .toList();
        return new FleetDns(DnsServers::system, search, timeout, executor, scheduler);
    }

    private static InetSocketAddress system() {
        InetSocketAddress server = ResolverConfig.getCurrentConfig().server();
        return server == null ? new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT) : server;
    }

    private static InetSocketAddress address(String server) {
        int colon = server.lastIndexOf(':');
        return new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
    }
}
