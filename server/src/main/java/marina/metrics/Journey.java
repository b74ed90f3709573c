package marina.metrics;

import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to one request on its way, for those who tell of it when it is over: metrics, traces, the access log. Written by
 * the threads that have the request, one after the other. Times are those of {@link System#nanoTime}.
 */
public final class Journey {
    /** A request that knows its journey. */
    public interface Measured {
        /** Its own. */
        Journey journey();
    }

    /** Who may answer at the door of a context, in place of its content. */
    public enum Door {
        /** The content answers. */
        OPEN,
        /** A public file of the context. */
        FILES,
        /** The maintenance page. */
        MAINTENANCE,
        /** A crawler is turned away. */
        CRAWLERS
    }

    private volatile @Nullable ContextMeter context;
    private volatile Door door = Door.OPEN;
    private volatile String path = "";
    private volatile long parkedAt;
    private volatile long waited;
    private volatile long askedAt;
    private volatile long upstream = -1;
    private volatile @Nullable Object trace;
    private volatile @Nullable Object kind;
    private volatile @Nullable Object alarm;

    /** Of a request that has just come. */
    public Journey() {}

    /** That of a request, which may be wrapped; of one that nobody measures a new one. Costs a walk through its wrappers. */
    public static Journey of(Request request) {
        Measured measured = Request.as(request, Measured.class);
        return measured == null ? new Journey() : measured.journey();
    }

    /** A context takes it. A later one takes it over. */
    public void enter(String contextPath, ContextMeter meter) {
        path = contextPath;
        context = meter;
    }

    /** Who counts it; null when it has reached no context. */
    public @Nullable ContextMeter context() {
        return context;
    }

    /** The path of its context; empty when it has reached none. */
    public String path() {
        return path;
    }

    /** Somebody may answer it at the door of its context. */
    public void at(Door who) {
        door = who;
    }

    /** Who has answered at the door. */
    public Door door() {
        return door;
    }

    /** It begins to wait for the start of its application. */
    public void park() {
        parkedAt = System.nanoTime();
    }

    /** It waits no longer. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread has the request at a time
    public void resume() {
        waited += Math.max(1, System.nanoTime() - parkedAt);
    }

    /** Nanoseconds that it has waited for starts; 0 for not at all. */
    public long waitedNanos() {
        return waited;
    }

    /** It is handed to what answers it. Of several attempts the first counts. */
    public void asked() {
        if (askedAt == 0) {
            askedAt = System.nanoTime();
        }
    }

    /** The head of the answer is there. The first word counts. */
    public void replied() {
        if (upstream < 0 && askedAt != 0) {
            upstream = System.nanoTime() - askedAt;
        }
    }

    /** Nanoseconds from {@link #asked} to {@link #replied}; -1 when there was no answer. */
    public long upstreamNanos() {
        return upstream;
    }

    /** The trace that it is a part of; for whoever has set it. */
    public @Nullable Object trace() {
        return trace;
    }

    /** Makes it part of a trace. */
    public void trace(Object part) {
        trace = part;
    }

    /** Who is about to answer, in the words of whoever has said so; null when nobody has. */
    public @Nullable Object kind() {
        return kind;
    }

    /** Somebody is about to answer; a later word replaces an earlier one. */
    public void kind(Object who) {
        kind = who;
    }

    /** Who is to be told when it cannot be handed on; for whoever has set it. */
    public @Nullable Object alarm() {
        return alarm;
    }

    /** Has somebody told when it cannot be handed on. */
    public void alarm(Object told) {
        alarm = told;
    }
}
