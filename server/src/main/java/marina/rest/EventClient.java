package marina.rest;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Callback;

/**
 * One client of server-sent events. What comes while it still takes what came before is kept up to a limit; who is slower than
 * that is cut off, and comes again by itself. Thread-safe.
 */
final class EventClient {
    private static final int MOST_WAITING = 1 << 20;

    private final Call call;
    private final Consumer<EventClient> gone;
    private final StringBuilder waiting = new StringBuilder(); // guarded by this
    private boolean writing; // guarded by this
    private boolean ended; // guarded by this

    EventClient(Call call, Consumer<EventClient> gone) {
        this.call = call;
        this.gone = gone;
    }

    /**
     * Sends the head, and tells browsers to come again soon.
     *
     * @param listed called before anything can be written, and before it can be gone: others may send from here on. Not
     *     called when only the head is wanted, which is the whole answer then
     */
    void begin(Runnable listed) {
        call.response().setStatus(200);
        call.response().getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        call.response().getHeaders().put("X-Accel-Buffering", "no");
        if (call.wantsOnlyHead()) {
            end();
            return;
        }
        listed.run();
        call.request().addFailureListener(this::left);
        send("retry: 2000\n\n");
    }

    /** Ends the answer when whoever asked would not be let in any more: has logged out, or has another password or role. */
    void endUnlessAllowed() {
        if (!call.mayStay()) {
            end();
        }
    }

    /** The client has gone, or the connection was silent for too long: nobody else ends the exchange. */
    private void left(Throwable failure) {
        gone.accept(this);
        synchronized (this) {
            ended = true;
            if (writing) {
                return; // what is being written tells
            }
            writing = true;
        }
        call.callback().failed(failure);
    }

    /** Sends events, now or when those before are written. */
    void send(String events) {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (waiting.length() + events.length() > MOST_WAITING) {
                waiting.setLength(0);
                ended = true;
            } else {
                waiting.append(events);
            }
        }
        write();
    }

    /** Ends the answer. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        write();
    }

    private void write() {
        ByteBuffer next;
        boolean last;
        synchronized (this) {
            boolean nothing = waiting.length() == 0 && !ended;
            if (writing || nothing) {
                return;
            }
            writing = true;
            last = ended;
            next = ByteBuffer.wrap(EventStream.bytes(waiting.toString()));
            waiting.setLength(0);
        }
        call.response().write(last, next, Callback.from(() -> written(last), this::failed));
    }

    private void written(boolean last) {
        if (last) { // writing stays true: nothing more is written
            gone.accept(this);
            call.callback().succeeded();
            return;
        }
        synchronized (this) {
            writing = false;
        }
        write();
    }

    private void failed(Throwable failure) {
        gone.accept(this);
        synchronized (this) {
            ended = true;
        }
        call.callback().failed(failure);
    }
}
