package marina.process;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import marina.process.OutputSink.Channel;

/**
 * A process that was started, with all its descendants: they live in a process group of their own. When the process ends
 * by itself, what it leaves of its tree is killed: who wants a daemon to stay starts it as a process of its own.
 * Thread-safe. Its futures complete on threads of the launcher.
 */
public final class RunningProcess {
    /** How long the end of the process waits for output that a descendant might still write. */
    private static final Duration OUTPUT_PATIENCE = Duration.ofMillis(150);

    private final long pid;
    private final ScheduledExecutorService timer;
    private final Executor completions;
    private final TreeEnding ending;
    private final ProcessTree tree;
    private final Cgroup cgroup;
    private final ListenerCheck listenerCheck;
    private final CompletableFuture<ExitOutcome> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** Bytes that were in use when it was killed for them; 0 before. */
    private final AtomicLong exceeded = new AtomicLong();

    RunningProcess(
            long pid,
            ProcessTree tree,
            TreeEnding ending,
            Cgroup cgroup,
            ScheduledExecutorService timer,
            Executor completions) {
        this.pid = pid;
        this.cgroup = cgroup;
        this.timer = timer;
        this.completions = completions;
        this.ending = ending;
        this.tree = tree;
        this.listenerCheck = new ListenerCheck(tree);
    }

    /**
     * Begins to read the output and to wait for the end; {@code onGone} runs before the tree counts as gone.
     *
     * @param piped whether standard output is somebody else's to read
     */
    void watch(Process process, ProcessSpec spec, boolean piped, Runnable onGone) {
        LastLines lastLines = new LastLines();
        OutputReader err = new OutputReader(process.getErrorStream(), Channel.ERR, spec.output(), lastLines);
        err.start(spec.owner(), pid);
        CompletableFuture<Void> outputRead = err.done();
        if (!piped) {
            OutputReader out = new OutputReader(process.getInputStream(), Channel.OUT, spec.output(), lastLines);
            out.start(spec.owner(), pid);
            outputRead = CompletableFuture.allOf(out.done(), err.done());
        }
        CompletableFuture<Void> allRead = outputRead;
        var unusedGone = ending.gone().thenRunAsync(onGone, completions).thenRun(() -> gone.complete(null));
        var unusedExit = process.onExit().thenAccept(ended -> {
            String cause = cause(ended.exitValue(), spec.limits());
            ending.leaderGone();
            Runnable report = () -> exit.complete(new ExitOutcome(ended.exitValue(), lastLines.snapshot(), cause));
            ScheduledFuture<?> impatience = timer.schedule(
                    () -> completions.execute(report), OUTPUT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            var unused = allRead.thenRunAsync(
                    () -> {
                        impatience.cancel(false);
                        report.run();
                    },
                    completions);
        });
    }

    /** Kills the whole tree because it uses too much memory; the outcome says so. */
    void killForMemory(long used) {
        exceeded.compareAndSet(0, used);
        ending.terminate(Duration.ZERO);
    }

    private String cause(int status, ResourceLimits limits) {
        long measured = exceeded.get();
        if (measured > 0) {
            return limits.exceeded(measured);
        }
        Optional<Long> counted = cgroup.killedAt(limits.memory());
        if (counted.isPresent() && limits.memory() > 0) {
            return limits.exceeded(counted.get());
        }
        return status == ExitOutcome.KILLED && !ending.killed()
                ? "killed by SIGKILL, not by Marina; perhaps for lack of memory"
                : "";
    }

    /** Process id, which is also the id of its process group and session. */
    public long pid() {
        return pid;
    }

    /**
     * Completes as soon as the process has ended and its output has been read. A descendant that still holds the output
     * open delays this by no more than 150 ms.
     */
    public CompletableFuture<ExitOutcome> exit() {
        return exit.copy();
    }

    /** Completes with true as soon as the process has ended, or with false when it still runs after this long. */
    public CompletableFuture<Boolean> exitWithin(Duration limit) {
        CompletableFuture<Boolean> inTime = new CompletableFuture<>();
        ScheduledFuture<?> alarm = timer.schedule(
                () -> completions.execute(() -> inTime.complete(false)), limit.toNanos(), TimeUnit.NANOSECONDS);
        var unused = exit.thenRun(() -> {
            alarm.cancel(false);
            inTime.complete(true);
        });
        return inTime;
    }

    /**
     * Who listens on this TCP port of 127.0.0.1: the tree only if all that could accept a connection there are of it. Reads
     * the process table and the sockets of the tree: may take some milliseconds.
     */
    public ListenerOwner listenerOn(int port) {
        return listenerCheck.ownerOf(port);
    }

    /**
     * The memory in bytes that the whole tree holds now; pages that its processes share count once. 0 when nothing of it
     * is left or the system does not tell. Reads the process table: may take some milliseconds.
     */
    public long residentBytes() {
        return tree.members().stream()
                .mapToLong(member -> ProcessMemory.proportional(member.pid()))
                .sum();
    }

    /**
     * The TCP addresses that the tree listens on and other machines can reach: all but 127.0.0.0/8 and ::1. Empty where the
     * system does not tell. May take some milliseconds.
     */
    public Set<InetSocketAddress> openAddresses() {
        return listenerCheck.openAddresses();
    }

    /**
     * Ends the whole tree: SIGTERM to the group, after {@code grace} SIGKILL, and whatever of it is left is killed even
     * when the leader went by itself. Never blocks. Asking again can only shorten the grace.
     *
     * @return completes when nothing of the tree is left
     */
    public CompletableFuture<Void> terminate(Duration grace) {
        ending.terminate(grace);
        return gone.copy();
    }
}
