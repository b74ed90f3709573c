package marina.simulator.machine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import marina.simulator.journal.Event;
import marina.simulator.journal.Journal;
import marina.simulator.topology.Topology;
import marina.simulator.topology.Topology.App;
import marina.simulator.topology.Topology.FirstState;

/** All machines, and what was known of them at any moment of the last minutes. Thread-safe. */
public final class Fleet implements AutoCloseable {

    private static final Duration FIRST_CONNECTION = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration END = Duration.ofSeconds(10);

    private final Topology topology;
    private final Journal journal;
    private final Network network;
    private final Launcher launcher;
    private final Warden warden;
    private final ExecutorService executor;
    private final ScheduledExecutorService clock;
    private final History history = new History();
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Object change = new Object();
    private long changes; // guarded by change

    private Fleet(Topology topology, Journal journal, Network network, Launcher launcher, String run) {
        this.topology = topology;
        this.journal = journal;
        this.network = network;
        this.launcher = launcher;
        this.warden = new Warden(run);
        this.executor = Executors.newCachedThreadPool(daemon("sim-machine"));
        this.clock = Executors.newSingleThreadScheduledExecutor(daemon("sim-clock"));
        Workers workers = new Workers(launcher, executor, clock, listener());
        for (App app : topology.apps()) {
            for (Topology.MachineSpec spec : app.machines()) {
                machines.put(spec.id(), new Machine(app, spec, network.machine(machines.size()), workers));
            }
        }
        history.add(views());
    }

    private static java.util.concurrent.ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** The loopback addresses of a run, taken before its machines exist. */
    public static final class Addresses implements AutoCloseable {
        private final Network network;

        private Addresses(Network network) {
            this.network = network;
        }

        /** Of the DNS server, unless the topology names one. */
        public String dns() {
            return network.dns();
        }

        /** Of {@code _api.internal}. */
        public String api() {
            return network.api();
        }

        /** Gives them back. */
        @Override
        public void close() throws IOException {
            network.close();
        }
    }

    /** Takes a network for a run. */
    public static Addresses claim(Topology topology) {
        return new Addresses(Network.claim(topology.network()));
    }

    /**
     * The machines of a run; none runs yet.
     *
     * @param folder where each machine has a folder, with its output, its base and its API socket
     * @param directory what paths in the topology are relative to
     * @param home the Marina that machines with {@code marina} start
     * @param dns the DNS server's address and port
     */
    public static Fleet create(
            Topology topology,
            Journal journal,
            Addresses addresses,
            Path folder,
            Path directory,
            Path home,
            String dns) {
        String run = UUID.randomUUID().toString();
        Launcher launcher = new Launcher(new Launcher.Surroundings(run, folder, directory, home, dns));
        return new Fleet(topology, journal, addresses.network, launcher, run);
    }

    /** Brings all machines into their first states, and begins to look for idle ones. */
    @SuppressWarnings("FutureReturnValueIgnored") // the journal tells what comes of it
    public void start() {
        for (Machine machine : machines.values()) {
            if (machine.spec().state() != FirstState.STOPPED) {
                machine.start("simulation begins");
            }
            if (machine.spec().state() == FirstState.SUSPENDED) {
                freezeWhenItListens(machine, System.nanoTime() + FIRST_CONNECTION.toNanos());
            }
        }
        Autostop autostop = new Autostop(this);
        long period = topology.autostopEvery().toMillis();
        if (period > 0) {
            clock.scheduleAtFixedRate(() -> executor.execute(autostop::pass), period, period, TimeUnit.MILLISECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the journal tells what comes of it
    private void freezeWhenItListens(Machine machine, long deadline) {
        int port = machine.app().services().get(0).internalPort();
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(machine.address(), port), 1_000);
            machine.suspend(Duration.ZERO, "simulation begins");
        } catch (IOException e) {
            if (System.nanoTime() < deadline && !clock.isShutdown()) {
                clock.schedule(
                        () -> executor.execute(() -> freezeWhenItListens(machine, deadline)),
                        LOOK_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        }
    }

    /** What is played. */
    public Topology topology() {
        return topology;
    }

    /** All machines, in the order of the file. */
    public List<Machine> machines() {
        return List.copyOf(machines.values());
    }

    /** The machines of an app. */
    public List<Machine> machines(App app) {
        return machines.values().stream()
                .filter(machine -> machine.app().equals(app))
                .toList();
    }

    /** A machine by its id. */
    public Optional<Machine> machine(String id) {
        return Optional.ofNullable(machines.get(id));
    }

    /** An app by its name. */
    public Optional<App> app(String name) {
        return topology.apps().stream().filter(app -> app.name().equals(name)).findFirst();
    }

    /** The address of {@code <app>.flycast}. */
    public String flycast(App app) {
        return network.flycast(topology.apps().indexOf(app));
    }

    /** The Unix socket of a machine's API. */
    public Path apiSocket(Machine machine) {
        return launcher.apiSocket(machine.spec());
    }

    /** What was known of the machines some time ago; ten minutes at most. */
    public List<MachineView> views(Duration ago) {
        return history.at(ago);
    }

    /** Waits until something has changed, or for a time at most. */
    public void awaitChange(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (change) {
            long before = changes;
            long left = atMost.toNanos();
            while (changes == before && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(change, left);
                left = deadline - System.nanoTime();
            }
        }
    }

    /** Tells those who wait that something may have changed. */
    public void tellChange() {
        synchronized (change) {
            changes++;
            change.notifyAll();
        }
    }

    private Workers.Listener listener() {
        return new Workers.Listener() {
            @Override
            public void changed(Machine machine, String reason) {
                Fleet.this.changed(machine, reason);
            }

            @Override
            public void noticed() {
                tellChange();
            }
        };
    }

    private List<MachineView> views() {
        return machines.values().stream().map(Machine::view).toList();
    }

    private void changed(Machine machine, String reason) {
        history.add(views());
        journal.add(Event.of("machine")
                .with("app", machine.app().name())
                .with("machine", machine.id())
                .with("region", machine.spec().region())
                .with("state", machine.state().wire())
                .with("reason", reason));
        tellChange();
    }

    /** Ends all machines and everything that they have started. */
    @Override
    public void close() {
        clock.shutdownNow();
        List<CompletableFuture<?>> ends = new ArrayList<>();
        machines.values().forEach(machine -> ends.add(machine.destroy("simulation ends")));
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .orTimeout(END.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } finally {
            warden.close();
            executor.shutdownNow();
        }
    }
}
