package marina.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import marina.process.Signals.Signal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process tree: SIGTERM, a time of grace, SIGKILL until nothing is left. Whatever a leader leaves behind when it
 * goes by itself is killed at once. Thread-safe: everything happens on the one timer thread.
 */
final class TreeEnding {
    private static final Logger LOG = LoggerFactory.getLogger(TreeEnding.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** A process in an uninterruptible system call does not die before that returns; nobody can wait for ever. */
    private static final Duration GIVE_UP = Duration.ofSeconds(20);

    private final String owner;
    private final ProcessTree tree;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private volatile boolean killed;

    // All of these by the timer thread only.
    private boolean ending;
    private boolean leaderGone;
    private long killAt;
    private Duration pause = FIRST_PAUSE;
    private @Nullable ScheduledFuture<?> next;

    TreeEnding(String owner, ProcessTree tree, ScheduledExecutorService timer) {
        this.owner = owner;
        this.tree = tree;
        this.timer = timer;
    }

    /** Completes on the timer thread when nothing of the tree is left. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Asks the tree to end; a later call can only shorten the grace. */
    void terminate(Duration grace) {
        timer.execute(() -> {
            if (gone.isDone()) {
                return;
            }
            long wanted = System.nanoTime() + grace.toNanos();
            boolean first = !ending;
            if (first || wanted - killAt < 0) {
                killAt = wanted;
            }
            ending = true;
            if (first && !grace.isZero()) {
                tree.signal(tree.members(), Signal.TERM);
            }
            step();
        });
    }

    /** The leader has ended; what it left has until the end of a grace that runs already, otherwise no time. */
    void leaderGone() {
        timer.execute(() -> {
            leaderGone = true;
            if (!ending) {
                ending = true;
                killAt = System.nanoTime();
            }
            step();
        });
    }

    /** Whether a SIGKILL may have come from here. */
    boolean killed() {
        return killed;
    }

    private void step() {
        if (gone.isDone()) {
            return;
        }
        long left = killAt - System.nanoTime();
        if (left > 0 && !leaderGone) {
            again(left);
            return;
        }
        List<ProcEntry> members = tree.members();
        if (members.isEmpty() && leaderGone) {
            finish();
        } else if (left > 0) {
            again(Math.min(left, nextPause()));
        } else if (-left > GIVE_UP.toNanos()) {
            LOG.warn("Processes of {} do not die, left alone: {}", owner, members);
            finish();
        } else {
            killed = true;
            tree.signal(members, Signal.KILL);
            again(nextPause());
        }
    }

    private long nextPause() {
        long nanos = pause.toNanos();
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        return nanos;
    }

    private void again(long nanos) {
        if (next != null) {
            next.cancel(false);
        }
        next = timer.schedule(this::step, nanos, TimeUnit.NANOSECONDS);
    }

    private void finish() {
        if (next != null) {
            next.cancel(false);
        }
        gone.complete(null);
    }
}
