package marina.backend;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import marina.process.ListenerOwner;
import marina.process.RunningProcess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, now and then while a process runs, what it listens on: warns of ports that other machines can reach, and notices
 * when another program accepts connections in its place. Thread-safe.
 */
final class ListenerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerWatch.class);

    /** From one look to the next, since applications open ports late; the last one goes on. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofSeconds(50), Duration.ofMinutes(1));

    private final RunningProcess process;
    private final Endpoint endpoint;
    private final ProcessOwner owner;
    private final ProcessTools tools;
    private final Set<Integer> warned = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<String> displaced = new CompletableFuture<>();
    private volatile boolean over;
    private volatile @Nullable ScheduledFuture<?> next;

    ListenerWatch(RunningProcess process, Endpoint endpoint, ProcessOwner owner, ProcessTools tools) {
        this.process = process;
        this.endpoint = endpoint;
        this.owner = owner;
        this.tools = tools;
    }

    /** Looks from now on, until the process has ended. */
    void begin() {
        var unused = process.exit().thenRun(this::end);
        lookAfter(0);
    }

    /** Completes with the reason when another program has taken the place of this one. */
    CompletableFuture<String> displaced() {
        return displaced;
    }

    /** Looks once. Blocks for some milliseconds. */
    void look() {
        if (endpoint.owner(process) == ListenerOwner.STRANGER) {
            displaced.complete(
                    "another program listens on its " + endpoint.describe() + "; its next start will use another port");
        }
        for (InetSocketAddress address : process.openAddresses()) {
            if (!over && warned.add(address.getPort())) {
                LOG.warn(
                        "{}: context {}: its {} listens on {}{}, which other machines can reach; bind it to 127.0.0.1",
                        owner.source(),
                        owner.context(),
                        owner.program(),
                        text(address),
                        isOwn(address) ? " (${port})" : "");
            }
        }
    }

    private void lookAfter(int pause) {
        int following = Math.min(pause + 1, PAUSES.size() - 1);
        Runnable task = () -> {
            if (!over) {
                look();
                lookAfter(following);
            }
        };
        try {
            next = tools.scheduler()
                    .schedule(
                            () -> tools.executor().execute(task),
                            PAUSES.get(pause).toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No further look at the ports of {}, the server is stopping", owner.context());
        }
        if (over) { // it ended before there was something to cancel
            end();
        }
    }

    private void end() {
        over = true;
        ScheduledFuture<?> waiting = next;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    private boolean isOwn(InetSocketAddress address) {
        return endpoint.values().containsValue(Integer.toString(address.getPort()));
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? (address.getAddress() instanceof Inet6Address ? "::" : "0.0.0.0")
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
