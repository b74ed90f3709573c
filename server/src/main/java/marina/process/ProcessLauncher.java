package marina.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import marina.process.ProcessRecords.ProcessRecord;
import marina.process.ProcessTree.Identity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts processes and keeps a record of them on disk, so that the next Marina finds what a killed one left. Thread-safe. */
public final class ProcessLauncher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);
    private static final File NOTHING = new File("/dev/null");
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(3);

    /** Longer than a tree is waited for after SIGKILL. */
    private static final Duration LONGEST_END = Duration.ofSeconds(25);

    private static final int REMOVALS = 20;
    private static final Duration REMOVAL_PAUSE = Duration.ofMillis(50);

    private final ProcessRecords records;
    private final ProcTable table = new ProcTable();
    private final Signals signals = new Signals();
    private final ExecChain chain = new ExecChain();
    private final MemoryWatch memory = new MemoryWatch(table);
    private final CgroupTree cgroups;

    private final Map<String, RunningProcess> running = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor completions;
    private volatile boolean closed;

    /**
     * A launcher.
     *
     * @param records a folder for the records of running processes; created when missing
     */
    public ProcessLauncher(Path records) {
        this(records, new CgroupTree(Path.of("/proc/self")));
    }

    ProcessLauncher(Path records, CgroupTree cgroups) {
        this.cgroups = cgroups;
        this.records = new ProcessRecords(records);
        this.timer = new ScheduledThreadPoolExecutor(
                1, daemons("marina-process-timer"), new ThreadPoolExecutor.DiscardPolicy());
        this.timer.setRemoveOnCancelPolicy(true);
        // Whoever waits for a process may start the next one there, so they get threads that exist only when needed.
        this.completions = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                5,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                daemons("marina-process-end"),
                (task, pool) -> task.run());
        if (!chain.makesSessions()) {
            LOG.warn("No setsid in PATH: processes are ended by walking their descendants; install util-linux");
        }
    }

    /**
     * Starts a process in its own session and process group. Blocks for some milliseconds.
     *
     * @throws LaunchException when the program or the directory does not exist or may not be used
     */
    public RunningProcess launch(ProcessSpec spec) throws LaunchException {
        return launch(spec, null);
    }

    /**
     * Starts a process as {@link #launch} does, whose standard input and output are the caller's to write and to read; the
     * spec's sink takes only what it prints to standard error.
     *
     * @throws LaunchException when the program or the directory does not exist or may not be used
     */
    public PipedProcess launchPiped(ProcessSpec spec) throws LaunchException {
        try (Pipes pipes = Pipes.open()) {
            return pipes.handOver(launch(spec, pipes));
        } catch (IOException e) {
            throw new LaunchException("cannot start a process for " + spec.owner() + ": " + e.getMessage(), e);
        }
    }

    private RunningProcess launch(ProcessSpec spec, @Nullable Pipes pipes) throws LaunchException {
        if (closed) {
            throw new LaunchException("cannot start a process for " + spec.owner() + ": Marina is stopping");
        }
        if (spec.command().isEmpty()) {
            throw new LaunchException("cannot start an empty command for " + spec.owner());
        }
        String mark = UUID.randomUUID().toString();
        long notBefore = table.nowTicks();
        List<String> program = program(spec);
        Cgroup planned = cgroups.plan(spec, mark);
        // Recorded before it exists, so that not even a SIGKILL between the two leaves an unknown process behind.
        record(new Identity(0, notBefore, false, mark), spec, planned);
        Cgroup cgroup = cgroups.make(planned, spec);
        Process process = start(program, spec, mark, cgroup, pipes);
        long start = table.startOf(process.pid()).orElse(notBefore);
        Identity identity = new Identity(process.pid(), start, chain.makesSessions(), mark);
        ProcessTree tree = new ProcessTree(identity, true, cgroup, table, signals);
        TreeEnding ending = new TreeEnding(spec.owner(), tree, timer);
        RunningProcess child = new RunningProcess(process.pid(), tree, ending, cgroup, timer, completions);
        running.put(mark, child);
        child.watch(process, spec, pipes != null, () -> forget(mark, cgroup));
        try {
            record(identity, spec, cgroup);
        } catch (LaunchException e) {
            var unused = child.terminate(Duration.ZERO);
            throw e;
        }
        if (spec.limits().memory() > 0 && !cgroups.keeps(cgroup, "memory")) {
            memory.watch(identity, spec.limits().memory(), child::killForMemory);
        }
        if (running.containsKey(mark)) {
            endIfClosed(child);
        } else {
            forget(mark, cgroup); // it was gone before all of this was written down
        }
        return child;
    }

    /**
     * Ends what an earlier Marina left running, known by pid and start time or by a mark in its environment, never by
     * pid alone. Blocks until it is gone.
     *
     * @return a line for the log for each process that was ended
     */
    public List<String> endOrphans() {
        List<String> lines = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        try {
            for (Path file : records.files()) {
                endOrphan(file, lines).ifPresent(ends::add);
            }
        } catch (IOException e) {
            lines.add("Cannot list the records of processes that an earlier Marina may have left: " + e);
        }
        await(ends);
        return List.copyOf(lines);
    }

    /** Kills what still runs. Blocks until it is gone. */
    @Override
    public void close() {
        closed = true;
        await(running.values().stream()
                .map(child -> child.terminate(Duration.ZERO))
                .toList());
        memory.close();
        timer.shutdownNow();
        completions.shutdown();
    }

    private Optional<CompletableFuture<Void>> endOrphan(Path file, List<String> lines) {
        ProcessRecord found;
        try {
            found = ProcessRecords.read(file);
        } catch (IOException e) {
            lines.add("Ignored " + file + ": " + e.getMessage());
            records.delete(file);
            return Optional.empty();
        }
        if (running.containsKey(found.identity().mark())) {
            return Optional.empty();
        }
        ProcessTree tree = new ProcessTree(found.identity(), false, found.cgroup(), table, signals);
        List<ProcEntry> members = found.boot().equals(table.bootId()) ? tree.members() : List.of();
        if (members.isEmpty()) {
            forget(file, found.cgroup(), REMOVALS);
            return Optional.empty();
        }
        for (ProcEntry member : members) {
            lines.add("Ended pid " + member.pid() + ", left running for " + found.owner() + " by an earlier Marina");
        }
        TreeEnding ending = new TreeEnding(found.owner(), tree, timer);
        ending.terminate(ORPHAN_GRACE);
        ending.leaderGone(); // it is not our child: nobody tells us of its end
        return Optional.of(ending.gone().thenRun(() -> forget(file, found.cgroup(), REMOVALS)));
    }

    private static List<String> program(ProcessSpec spec) throws LaunchException {
        List<String> program = new ArrayList<>(spec.command());
        program.set(
                0,
                ProgramLookup.resolve(
                                program.get(0),
                                spec.directory().toAbsolutePath(),
                                spec.environment().get("PATH"))
                        .toString());
        return program;
    }

    private Process start(List<String> program, ProcessSpec spec, String mark, Cgroup cgroup, @Nullable Pipes pipes)
            throws LaunchException {
        try {
            boolean counts = cgroups.keeps(cgroup, "pids");
            ProcessBuilder builder = new ProcessBuilder(chain.command(program, spec, cgroup, counts))
                    .directory(spec.directory().toAbsolutePath().toFile())
                    .redirectInput(NOTHING);
            builder.environment().clear();
            setEnvironment(builder, spec, mark);
            return pipes == null ? builder.start() : pipes.start(builder);
        } catch (IOException | IllegalArgumentException e) {
            forget(mark, cgroup);
            throw new LaunchException(
                    "cannot start \"" + spec.command().get(0) + "\" for " + spec.owner() + ": " + e.getMessage(), e);
        } catch (LaunchException e) {
            forget(mark, cgroup);
            throw e;
        }
    }

    private static void setEnvironment(ProcessBuilder builder, ProcessSpec spec, String mark) throws LaunchException {
        try {
            builder.environment().putAll(spec.environment());
            builder.environment().put(ProcessTree.MARK, mark);
        } catch (IllegalArgumentException e) {
            // The JDK's message quotes the value, which may be a secret.
            throw new LaunchException("cannot start \"" + spec.command().get(0)
                    + "\": an environment variable has an empty name, a name with \"=\" or a NUL in its value");
        }
    }

    private void record(Identity identity, ProcessSpec spec, Cgroup cgroup) throws LaunchException {
        try {
            records.write(new ProcessRecord(identity, table.bootId(), spec.owner(), cgroup));
        } catch (IOException e) {
            throw new LaunchException(
                    "cannot record the process of " + spec.owner() + ": " + e + "; check space and permissions", e);
        }
    }

    private void endIfClosed(RunningProcess child) throws LaunchException {
        if (closed) {
            var unused = child.terminate(Duration.ZERO);
            throw new LaunchException("cannot start a process: Marina is stopping");
        }
    }

    private void forget(String mark, Cgroup cgroup) {
        running.remove(mark);
        memory.forget(mark);
        forget(records.file(mark), cgroup, REMOVALS);
    }

    /** The kernel may need a moment after the last member's end. The record goes last: who comes next tries again. */
    private void forget(Path file, Cgroup cgroup, int tries) {
        if (cgroup.remove()) {
            records.delete(file);
        } else if (tries > 0) {
            var unused = timer.schedule(
                    () -> forget(file, cgroup, tries - 1), REMOVAL_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            LOG.warn("Cannot remove the cgroup {}; the next start tries again", cgroup.folder());
        }
    }

    private static void await(List<CompletableFuture<Void>> ends) {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Gave up waiting for processes to end: {}", e.toString());
        }
    }

    private static ThreadFactory daemons(String name) {
        AtomicLong count = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
