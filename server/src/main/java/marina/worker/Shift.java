package marina.worker;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One event during which the thread of a selector may block, because somebody would take its place. Belongs to that thread;
 * {@link Relief} looks at it from outside.
 */
public final class Shift {
    private static final ThreadLocal<@Nullable Shift> OF_THREAD = new ThreadLocal<>();
    private static final ThreadLocal<@Nullable Shift> ANNOUNCED = new ThreadLocal<>();

    private final AtomicReference<@Nullable Brevity> serving = new AtomicReference<>();
    private @Nullable Relief relief;

    Shift() {}

    /** The next event of this thread's selector is one. */
    void announce() {
        ANNOUNCED.set(this);
    }

    /** What has been announced for the next event of this thread's selector; null when that is one of another kind. */
    static @Nullable Shift announced() {
        Shift shift = ANNOUNCED.get();
        ANNOUNCED.set(null);
        return shift;
    }

    /** From now on this thread would be relieved. */
    void begin(Relief somebody) {
        relief = somebody;
    }

    /** Handles the event. */
    void handle(Runnable event) {
        if (relief == null) { // nobody is there, and this is a thread of the pool
            event.run();
            return;
        }
        OF_THREAD.set(this);
        try {
            event.run();
        } finally {
            OF_THREAD.set(null);
        }
    }

    /** That of this thread; null where nobody would relieve it. */
    public static @Nullable Shift current() {
        return OF_THREAD.get();
    }

    /** Serves a request of a web application, which should be short. */
    public void serve(Runnable request, Brevity brevity) {
        Relief somebody = relief;
        if (somebody == null) {
            throw new IllegalStateException("this shift has not begun");
        }
        serving.set(brevity);
        somebody.watch();
        try {
            request.run();
        } finally {
            if (serving.compareAndSet(brevity, null)) {
                brevity.inTime();
            } else {
                brevity.endedLate();
                somebody.ended();
            }
            var unused = Thread.interrupted(); // by the application; it would close the connection of somebody else
        }
    }

    boolean isServing() {
        return serving.get() != null;
    }

    /** Somebody else is about to go on with the selector; false when the request has ended meanwhile. */
    boolean relieve() {
        Brevity late = serving.get();
        if (late == null) {
            return false;
        }
        late.relieved(); // before its end can be told
        if (serving.compareAndSet(late, null)) {
            return true;
        }
        late.endedLate();
        return false;
    }
}
