package marina.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A process that was started, with all its descendants: they live in a process group of their own. Thread-safe. */
public final class RunningProcess {

    RunningProcess() {}

    /** Process id, which is also the id of its process group and session. */
    public long pid() {
        throw new UnsupportedOperationException();
    }

    /** Completes as soon as the process has ended and its output has been read. */
    public CompletableFuture<ExitOutcome> exit() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends the whole tree: SIGTERM to the group, after {@code grace} SIGKILL, and whatever of it is left is killed even
     * when the leader went by itself. Never blocks.
     *
     * @return completes when nothing of the tree is left
     */
    public CompletableFuture<Void> terminate(Duration grace) {
        throw new UnsupportedOperationException(grace.toString());
    }
}
