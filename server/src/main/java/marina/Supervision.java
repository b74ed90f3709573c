package marina;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import marina.process.Supervisor;
import marina.server.MarinaServer;

/**
 * What systemd is told of the server: that it is ready, reads its configuration anew, stops; and, if it asks for that
 * ({@code WatchdogSec=}), that requests are still answered: a thread of requests says so, so that a server which has none left for as long is
 * started anew. Without systemd nothing happens here. Thread-safe.
 */
final class Supervision implements AutoCloseable {
    private static final long NANOS_PER_MICRO = 1000;

    /** So many signs of life in the time after which the server counts as dead. */
    private static final int SIGNS = 3;

    private static final int LONGEST_STATUS = 1000;

    private final Optional<Supervisor> supervisor;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "marina-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    Supervision(Map<String, String> environment) {
        this.supervisor = Supervisor.of(environment);
    }

    /** It serves. From here on it gives signs of life. */
    void ready(MarinaServer server) {
        supervisor.ifPresent(manager -> {
            List<URI> urls = server.urls();
            String where = urls.stream().limit(SIGNS).map(URI::toString).collect(Collectors.joining(" "));
            manager.tell("READY=1", "STATUS=Serves " + where);
            manager.watchdog().ifPresent(longest -> beat(manager, server, longest));
        });
    }

    /** It reads its configuration anew; {@link #reloaded} follows. As {@code Type=notify-reload} has it. */
    void reloading() {
        supervisor.ifPresent(
                manager -> manager.tell("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / NANOS_PER_MICRO));
    }

    /** It has gone over to another configuration, or stayed with its own. */
    void reloaded(String outcome) {
        String text = outcome.replace('\n', ' ');
        // The service manager ignores messages of more than a page.
        supervisor.ifPresent(manager ->
                manager.tell("READY=1", "STATUS=" + text.substring(0, Math.min(LONGEST_STATUS, text.length()))));
    }

    /** It drains and stops. */
    void stopping() {
        timer.shutdownNow();
        supervisor.ifPresent(manager -> manager.tell("STOPPING=1", "STATUS=Stops"));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void beat(Supervisor manager, MarinaServer server, Duration longest) {
        long pause = Math.max(1, longest.toMillis() / SIGNS);
        var unused = timer.scheduleWithFixedDelay(
                () -> server.whenAThreadIsFree(() -> manager.tell("WATCHDOG=1")), 0, pause, TimeUnit.MILLISECONDS);
    }
}
