package marina.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import marina.backend.RestartPolicy;
import marina.config.ServiceConfig;
import marina.process.ExitOutcome;
import marina.process.LaunchException;
import marina.process.OutputSink;
import marina.process.ProcessLauncher;
import marina.process.RunningProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The helper processes of the server. Everything happens on one thread that exists only when there is something to do, so
 * that no lock is held while a process starts. Thread-safe.
 */
public final class Services {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final ProcessLauncher launcher;
    private final Function<String, OutputSink> outputs;
    private final ScheduledExecutorService scheduler;
    private final ServiceListener listener;
    private final ThreadPoolExecutor turn =
            new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "marina-services");
                thread.setDaemon(true);
                return thread;
            });

    private Map<String, Service> wanted = new LinkedHashMap<>();
    private volatile List<Service> shown = List.of();

    /** Those whose first start is to come, in order. */
    private final Deque<Service> row = new ArrayDeque<>();

    /** The ends of those that were removed: one of the same name does not start before. */
    private final Map<String, CompletableFuture<Void>> ends = new HashMap<>();

    private boolean stopped;

    /**
     * No services yet.
     *
     * @param outputs the log for a service's name
     * @param scheduler for delays; is not blocked
     */
    public Services(
            ProcessLauncher launcher,
            Function<String, OutputSink> outputs,
            ScheduledExecutorService scheduler,
            ServiceListener listener) {
        this.launcher = launcher;
        this.outputs = outputs;
        this.scheduler = scheduler;
        this.listener = listener;
    }

    /**
     * Goes over to these services: what is the same is not touched. A service that cannot start is logged.
     *
     * @return completes when all up to the first start delay have been started
     */
    public CompletableFuture<Void> apply(Map<String, ServiceConfig> next) {
        return CompletableFuture.runAsync(() -> change(next), turn);
    }

    /** All of them, in the order of writing. */
    public List<Service> all() {
        return shown;
    }

    /**
     * Ends a service with all that it has started, and starts it again when that is gone.
     *
     * @return completes with whether there is such a service, when it has been told to end
     */
    public CompletableFuture<Boolean> restart(String name) {
        return CompletableFuture.supplyAsync(() -> again(name), turn);
    }

    private boolean again(String name) {
        Service known = wanted.get(name);
        if (known == null || stopped) {
            return false;
        }
        row.remove(known);
        listener.removed(known);
        ends.merge(name, known.stop(), CompletableFuture::allOf);
        Service next = new Service(name, known.config());
        next.due = System.nanoTime();
        wanted.put(name, next); // keeps its place
        row.addFirst(next);
        listener.added(next);
        shown = List.copyOf(wanted.values());
        startNext();
        return true;
    }

    /** Stops them one after another, the last first; none starts afterwards. */
    public CompletableFuture<Void> stop() {
        return CompletableFuture.completedFuture(null).thenComposeAsync(none -> stopAll(), turn);
    }

    private void change(Map<String, ServiceConfig> next) {
        if (stopped) {
            return;
        }
        for (Service service : reversed()) {
            ServiceConfig config = next.get(service.name());
            if (!service.config().equals(config)) {
                remove(service);
            }
        }
        Map<String, Service> now = new LinkedHashMap<>();
        next.forEach((name, config) -> {
            Service known = wanted.get(name);
            Service service = known == null ? new Service(name, config) : known;
            now.put(name, service);
            if (known == null) {
                row.add(service);
                listener.added(service);
            }
        });
        wanted = now;
        shown = List.copyOf(now.values());
        startNext();
    }

    private void remove(Service service) {
        wanted.remove(service.name());
        row.remove(service);
        listener.removed(service);
        ends.merge(service.name(), service.stop(), CompletableFuture::allOf);
        LOG.info("Service {} is being stopped", service.name());
    }

    private CompletableFuture<Void> stopAll() {
        stopped = true;
        row.clear();
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (Service service : reversed()) {
            all = all.thenComposeAsync(before -> service.stop(), turn);
        }
        List<CompletableFuture<Void>> both = new ArrayList<>(ends.values());
        both.add(all);
        return CompletableFuture.allOf(both.toArray(CompletableFuture[]::new));
    }

    /** Starts who is due; does no harm when it is called once too often. */
    private void startNext() {
        while (!row.isEmpty()) {
            Service head = row.element();
            CompletableFuture<Void> before = ends.get(head.name());
            if (before != null && !before.isDone()) {
                var unused = before.thenRunAsync(this::startNext, turn);
                return;
            }
            ends.remove(head.name());
            Long due = head.due;
            if (due == null) {
                due = System.nanoTime() + head.config().startDelay().toNanos();
                head.due = due;
            }
            long rest = due - System.nanoTime();
            if (rest > 0) {
                later(Duration.ofNanos(rest), this::startNext);
                return;
            }
            row.remove();
            launch(head);
        }
    }

    private void launch(Service service) {
        if (stopped || service.removed) {
            return;
        }
        try {
            RunningProcess process = launcher.launch(service.spec(outputs.apply(service.name())));
            service.running(process);
            LOG.info("Service {} runs with pid {}", service.name(), process.pid());
            var unused = process.exit()
                    .thenCompose(outcome -> process.terminate(Duration.ZERO).thenApply(gone -> outcome))
                    .thenAcceptAsync(outcome -> ended(service, outcome), turn);
        } catch (LaunchException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(service.status().reason())) { // once, not with each attempt
                LOG.error("{}: service {}: {}", service.config().source(), service.name(), reason);
            }
            again(service, reason, service.config().restart() != ServiceConfig.Restart.NEVER);
        }
    }

    private void ended(Service service, ExitOutcome outcome) {
        if (stopped || service.removed) {
            return;
        }
        if (System.nanoTime() - service.started >= RestartPolicy.HEALTHY_AFTER.toNanos()) {
            service.policy = RestartPolicy.HEALTHY;
        }
        boolean again =
                switch (service.config().restart()) {
                    case ALWAYS -> true;
                    case ON_FAILURE -> outcome.status() != 0;
                    case NEVER -> false;
                };
        LOG.warn("Service {} ended: {}", service.name(), outcome.describe());
        again(service, outcome.describe(), again);
    }

    private void again(Service service, String reason, boolean again) {
        service.ended(again ? Service.State.RESTARTING : Service.State.ENDED, reason);
        if (again) {
            service.policy = service.policy.afterFailedStart();
            later(service.policy.delay(), () -> launch(service));
        }
    }

    private void later(Duration delay, Runnable step) {
        try {
            var unused = scheduler.schedule(() -> turn.execute(step), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("No timer any more, the server is stopping: {}", e.toString());
        }
    }

    private List<Service> reversed() {
        List<Service> services = new ArrayList<>(wanted.values());
        Collections.reverse(services);
        return services;
    }
}
