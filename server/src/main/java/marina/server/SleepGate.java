package marina.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import marina.context.StatusPages;
import marina.machine.MachineIdle;
import marina.proxy.Abandoned;
import marina.proxy.ClientWatch;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait, without a thread, while the machine falls asleep and wakes. Open it costs a look at the clocks.
 * Thread-safe.
 */
final class SleepGate {
    /** After that long people get a page that asks again, and programs a 503; resume hooks may take longer. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Executor executor;
    private final ScheduledExecutorService scheduler;
    private final StatusPages pages;
    private final MachineIdle machine;
    private final boolean edgeTellsTime;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Is open.
     *
     * @param executor goes on with requests
     * @param machine hears of requests that begin to wait
     * @param edgeTellsTime whether requests come through Fly's edge
     */
    SleepGate(
            Executor executor,
            ScheduledExecutorService scheduler,
            StatusPages pages,
            MachineIdle machine,
            boolean edgeTellsTime) {
        this.executor = executor;
        this.scheduler = scheduler;
        this.pages = pages;
        this.machine = machine;
        this.edgeTellsTime = edgeTellsTime;
    }

    /** Whether a request has to wait; a look at the clocks, too, which may show a sleep that nobody has noticed yet. */
    boolean isClosed(Request request) {
        // In this order: who finds that another has looked at the clocks finds it closed, if there was a sleep.
        return machine.overslept(edgeTellsTime ? EdgeTime.of(request.getHeaders()) : 0) || closed;
    }

    void close() {
        closed = true;
    }

    void open() {
        closed = false;
        waiting.forEach(Waiting::goOn);
    }

    int waiting() {
        return waiting.size();
    }

    /** Has a request wait until it is open, and go on with the next. */
    void await(Request request, Response response, Callback callback, Request.Handler next) {
        new Waiting(request, response, callback, next).begin();
    }

    /** One request; whoever takes it first (the gate, the deadline, the client's leaving) has it. */
    private final class Waiting {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final Request.Handler next;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final Consumer<Throwable> whenLeft = this::left;
        private volatile @Nullable ScheduledFuture<?> deadline;

        Waiting(Request request, Response response, Callback callback, Request.Handler next) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.next = next;
        }

        void begin() {
            request.addIdleTimeoutListener(timeout -> false); // its wait has a limit of its own
            waiting.add(this);
            ClientWatch.on(request, whenLeft);
            try {
                deadline = scheduler.schedule(this::giveUp, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                goOn(); // the server is stopping
                return;
            }
            if (!closed) {
                goOn(); // it was opened meanwhile, and did not see this one
            } else {
                machine.knocked();
            }
        }

        private boolean take() {
            boolean mine = taken.compareAndSet(false, true);
            if (mine) {
                waiting.remove(this);
                ScheduledFuture<?> timer = deadline;
                if (timer != null) {
                    timer.cancel(false);
                }
                ClientWatch.end(request, whenLeft);
            }
            return mine;
        }

        private void left(Throwable gone) {
            if (take()) {
                Abandoned.mark(request);
                callback.failed(gone);
            }
        }

        void goOn() {
            if (take()) {
                execute(this::handle);
            }
        }

        private void giveUp() {
            if (take()) {
                execute(() -> pages.waking(request, response, callback));
            }
        }

        private void execute(Runnable task) {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                task.run(); // the pool is stopping
            }
        }

        private void handle() {
            try {
                if (!next.handle(request, response, callback)) {
                    pages.notFound(request, response, callback);
                }
            } catch (Exception | Error e) {
                Response.writeError(request, response, callback, e);
            }
        }
    }
}
