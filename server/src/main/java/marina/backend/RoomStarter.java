package marina.backend;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes when there is room for them, and gives the room back when nothing is left of them. One for each
 * backend. Thread-safe.
 */
public final class RoomStarter implements InstanceStarter<ProcessInstance> {
    private final String key;
    private final InstanceStarter<ProcessInstance> starter;
    private final Room room;
    private volatile @Nullable Backend<ProcessInstance> backend;
    private volatile @Nullable RoomyStart last;

    /**
     * A starter that asks first.
     *
     * @param key backends with the same key share a seat: one of them is the successor of the other
     */
    public RoomStarter(String key, InstanceStarter<ProcessInstance> starter, Room room) {
        this.key = key;
        this.starter = starter;
        this.room = room;
    }

    /** Whose instances it starts: that one is stopped when it is idle and another needs the room. Called once. */
    public void serves(Backend<ProcessInstance> user) {
        backend = user;
    }

    @Override
    public Start<ProcessInstance> start() {
        RoomyStart before = last;
        if (before != null) {
            before.free(); // it is over; its own word of that may come late, and the seat is not inherited past those
            // who wait
        }
        RoomyStart next = new RoomyStart();
        last = next;
        next.ask();
        return next;
    }

    /** One run: the wait for room, the start itself, and the seat until the end. */
    private final class RoomyStart implements Start<ProcessInstance>, Lodger {
        private final long asked = System.nanoTime();
        private final CompletableFuture<ProcessInstance> ready = new CompletableFuture<>();
        private volatile @Nullable CompletableFuture<Runnable> seat;
        private volatile @Nullable Start<ProcessInstance> begun;
        private volatile @Nullable ProcessInstance running;
        private volatile Duration waited = Duration.ZERO;
        private volatile boolean givenUp;

        void ask() {
            CompletableFuture<Runnable> answer = room.ask(this);
            seat = answer;
            var unused = answer.whenComplete((granted, refusal) -> {
                if (refusal == null) {
                    launch();
                } else {
                    ready.completeExceptionally(answer.isCancelled() ? new StartFailedException("given up") : refusal);
                }
            });
        }

        @Override
        public CompletableFuture<ProcessInstance> ready() {
            return ready;
        }

        @Override
        public Duration waited() {
            return waited;
        }

        @Override
        public void giveUp() {
            givenUp = true;
            CompletableFuture<Runnable> answer = seat;
            if (answer != null) {
                answer.cancel(false);
            }
            Start<ProcessInstance> start = begun;
            if (start != null) {
                start.giveUp();
            }
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public IdleTime idleTime() {
            Backend<ProcessInstance> user = backend;
            return user == null || running == null ? IdleTime.NONE : user.idleTime();
        }

        @Override
        public boolean stopIfIdle(String why) {
            Backend<ProcessInstance> user = backend;
            return user != null && user.stopIfIdle(why);
        }

        @Override
        public long residentBytes() {
            ProcessInstance instance = running;
            return instance == null ? 0 : instance.residentBytes();
        }

        void free() {
            CompletableFuture<Runnable> answer = seat;
            if (answer != null && answer.isDone() && !answer.isCompletedExceptionally()) {
                answer.join().run();
            }
        }

        private void launch() {
            waited = Duration.ofNanos(System.nanoTime() - asked);
            try {
                Start<ProcessInstance> start = starter.start();
                begun = start;
                if (givenUp) {
                    start.giveUp();
                }
                var unused = start.ready().whenComplete(this::arrived);
            } catch (RuntimeException e) {
                arrived(null, e);
            }
        }

        private void arrived(@Nullable ProcessInstance instance, @Nullable Throwable failure) {
            if (instance == null) {
                free();
                ready.completeExceptionally(failure == null ? new StartFailedException("nothing started") : failure);
            } else {
                running = instance;
                var unused = instance.gone().whenComplete((nothing, unclean) -> free());
                ready.complete(instance);
            }
        }
    }
}
