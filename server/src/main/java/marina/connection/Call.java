package marina.connection;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * One request to a backend and its answer, on one connection. Over when both are: then {@link Listener#over} is called, once and
 * last. Thread-safe.
 */
public final class Call {
    /** Is told how a call goes, by one thread at a time, which must not be blocked. */
    public interface Listener {
        /** An interim answer (1xx, other than 100 and 101). */
        void interim(int status, HttpFields fields);

        /**
         * The head of the answer is there.
         *
         * @param body to be read to its end, or failed
         * @throws IOException when it is of no use; then the call fails
         */
        void answered(Answer answer, Content.Source body) throws IOException;

        /**
         * The backend changes the protocol (101): from now on the end is the listener's, and nothing more is told.
         *
         * @throws IOException when it is of no use; then the call fails
         */
        void switched(Answer answer, EndPoint backend) throws IOException;

        /** Both sides are done, with null or the first failure. */
        void over(@Nullable Throwable failure);
    }

    private final RequestHead head;
    private final @Nullable RequestBody body;
    private final Limits limits;
    private final Listener listener;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger unfinished = new AtomicInteger(2);
    private volatile @Nullable BackendConnection connection;
    private volatile @Nullable Connecting connecting;
    private volatile boolean replied;
    private volatile boolean mayGoOn;
    private volatile boolean again;

    /**
     * A call that has not begun.
     *
     * @param mayGoOn whether the body is sent without being asked for; else with {@link #goOn}, or when the backend says 100
     */
    public Call(RequestHead head, @Nullable RequestBody body, boolean mayGoOn, Limits limits, Listener listener) {
        this.head = head;
        this.body = body;
        this.mayGoOn = mayGoOn;
        this.limits = limits;
        this.listener = listener;
    }

    /** Ends it, wherever it is. Its connection is closed; what a listener reads fails. Does nothing when it has failed before. */
    public void abort(Throwable cause) {
        if (!failure.compareAndSet(null, cause)) {
            return;
        }
        BackendConnection used = connection;
        Connecting wanted = connecting;
        if (used != null) {
            used.abort(this, cause);
        } else if (wanted != null) {
            wanted.abort(cause);
        }
    }

    /** Sends the body of a request whose client awaits 100. Changes nothing when it is on its way. */
    public void goOn() {
        mayGoOn = true;
        BackendConnection used = connection;
        if (used != null) {
            used.goOn(this);
        }
    }

    /** Whether a connection has been given to it, so that the backend may see it. */
    public boolean hasBegun() {
        return connection != null;
    }

    /** Whether a byte of a final answer has come. */
    public boolean isReplied() {
        return replied;
    }

    /** Whether it was given a connection that had been used before, which the backend may have closed at that moment. */
    public boolean isOnUsedConnection() {
        return again;
    }

    RequestHead head() {
        return head;
    }

    @Nullable
    RequestBody body() {
        return body;
    }

    Limits limits() {
        return limits;
    }

    Listener listener() {
        return listener;
    }

    boolean mayGoOn() {
        return mayGoOn;
    }

    @Nullable
    Throwable failure() {
        return failure.get();
    }

    /** The first failure counts. */
    Throwable failedWith(Throwable cause) {
        Throwable first = failure.compareAndExchange(null, cause);
        return first == null ? cause : first;
    }

    void replied() {
        replied = true;
    }

    /** No connection yet. */
    void awaits(Connecting wanted) {
        connecting = wanted;
        Throwable cause = failure.get();
        if (cause != null) {
            wanted.abort(cause);
        }
    }

    void on(BackendConnection given, boolean usedBefore) {
        again = usedBefore;
        connection = given;
    }

    /** One side is done; true for the second. */
    boolean arrive() {
        return unfinished.decrementAndGet() == 0;
    }
}
