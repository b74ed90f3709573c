package marina.cgi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the response: the thread that writes to it, piece by piece, or, once and for good, whoever concludes the
 * exchange. Thread-safe; waits for nobody.
 */
final class Turn {
    private State state = State.FREE; // guarded by this
    private @Nullable Runnable conclusion; // guarded by this
    private long freeSince = System.nanoTime(); // guarded by this

    private enum State {
        FREE,
        TAKEN,
        OVER
    }

    /** Takes the response for a piece; false when the exchange has been concluded. */
    synchronized boolean take() {
        if (state != State.FREE) {
            return false;
        }
        state = State.TAKEN;
        return true;
    }

    /** The piece has been written. */
    void giveBack() {
        Runnable waiting;
        synchronized (this) {
            waiting = conclusion;
            state = waiting == null ? State.FREE : State.OVER;
            freeSince = System.nanoTime();
        }
        if (waiting != null) {
            waiting.run();
        }
    }

    /** Runs this now, or when the piece that is being written has been. Only the first conclusion counts. */
    void conclude(Runnable what) {
        synchronized (this) {
            if (conclusion != null) {
                return;
            }
            conclusion = what;
            if (state == State.TAKEN) {
                return;
            }
            state = State.OVER;
        }
        what.run();
    }

    /** Whether there is a conclusion. */
    synchronized boolean isOver() {
        return conclusion != null;
    }

    /** Whether nothing has been written for so long, nor is now. */
    synchronized boolean isIdleFor(Duration span) {
        return state == State.FREE && System.nanoTime() - freeSince >= span.toNanos();
    }
}
