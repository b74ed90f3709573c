package marina.backend;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of a backend, changed only as the table allows, with a log line and a word to the listener for each change. */
final class Transitions {
    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

    private final String name;
    private final String place;
    private final BackendListener listener;
    private final Outbox outbox;
    private final Supplier<BackendStatus> status;
    private volatile BackendState state = BackendState.STOPPED; // written with the backend's lock held

    Transitions(BackendSettings settings, BackendListener listener, Outbox outbox, Supplier<BackendStatus> status) {
        this.name = settings.name();
        this.place = settings.source().isEmpty() ? "" : settings.source() + ": ";
        this.listener = listener;
        this.outbox = outbox;
        this.status = status;
    }

    BackendState state() {
        return state;
    }

    boolean is(BackendState expected) {
        return state == expected;
    }

    /** Goes there; the detail is for the log. */
    void become(BackendState next, String detail) {
        BackendState from = state;
        if (!from.mayBecome(next)) {
            throw new IllegalStateException("Backend " + name + " cannot go from " + from + " to " + next);
        }
        state = next;
        BackendStatus now = status.get();
        outbox.add(() -> {
            log(from, next, now, detail);
            tell(from, next, now);
        });
    }

    /** Nobody uses it any more: tells, if somebody wants to know. */
    void idle() {
        if (listener.awaitsIdle()) {
            outbox.add(listener::idle);
        }
    }

    private void log(BackendState from, BackendState next, BackendStatus now, String detail) {
        switch (next) {
            case STARTING, STOPPING -> LOG.debug("Backend {} {} {}", name, next, detail);
            case READY -> LOG.info("Backend {} ready{} in {}", name, where(now), Spans.text(now.lastStart()));
            case DRAINING -> LOG.info("Backend {} draining: {}, requests in flight: {}", name, detail, now.leases());
            case STOPPED -> {
                if (from == BackendState.STARTING) {
                    LOG.warn("Backend {} not started: {}", name, detail);
                } else {
                    LOG.info("Backend {} stopped: {}", name, detail);
                }
            }
            case FAILED -> LOG.error("{}context {} failed: {}", place, name, detail);
        }
    }

    private void tell(BackendState from, BackendState next, BackendStatus now) {
        try {
            listener.changed(from, next, now);
        } catch (RuntimeException e) {
            LOG.error("A listener of backend {} failed", name, e);
        }
    }

    /** A web application inside this JVM has neither. */
    private static String where(BackendStatus now) {
        return now.pid() == 0 ? "" : ": pid=" + now.pid() + " address=" + now.address();
    }
}
