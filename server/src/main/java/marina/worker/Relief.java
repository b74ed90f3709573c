package marina.worker;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets threads of selectors serve web applications, and has another thread go on with the selector where one does not come back within two
 * milliseconds. Its own thread looks every millisecond while there is something to look at, and otherwise rests. Thread-safe.
 */
public final class Relief extends AbstractLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(Relief.class);

    private static final int LOOKS_BEFORE_REST = 20;

    /** So many requests may run beside those of {@link WarThreads}; while they do, all others go there. */
    private static final int MOST_OVERDUE = 16;

    private final Executor successors;
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final AtomicInteger overdue = new AtomicInteger();
    private volatile boolean resting;
    private volatile @Nullable Thread watcher;

    /**
     * One that begins with its start.
     *
     * @param successors has a thread at once for whatever it is given, however busy the server is
     */
    public Relief(Executor successors) {
        this.successors = successors;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Thread thread = new Thread(this::look, "marina-relief");
        thread.setDaemon(true);
        thread.setContextClassLoader(Relief.class.getClassLoader());
        watcher = thread;
        thread.start();
    }

    @Override
    protected void doStop() throws Exception {
        Thread thread = watcher;
        watcher = null;
        LockSupport.unpark(thread);
        super.doStop();
    }

    /**
     * What the selectors of a connector are to run their events with.
     *
     * @param pool the connector's
     */
    public Executor over(Executor pool) {
        return new Selectors(pool);
    }

    /** Whether a thread that begins to serve would be relieved. */
    boolean isReady() {
        return watcher != null && overdue.get() < MOST_OVERDUE;
    }

    /** Somebody serves. */
    void watch() {
        if (resting) {
            LockSupport.unpark(watcher);
        }
    }

    /** A request of somebody who was relieved has ended. */
    void ended() {
        overdue.decrementAndGet();
    }

    private void look() {
        int quiet = 0;
        while (watcher == Thread.currentThread()) {
            quiet = lookAround() ? 0 : quiet + 1;
            if (quiet > LOOKS_BEFORE_REST) {
                rest();
                quiet = 0;
            }
            LockSupport.parkNanos(this, Brevity.SHORT.toNanos());
        }
    }

    private void rest() {
        posts.removeIf(Post::isGone);
        resting = true;
        if (!lookAround()
                && watcher == Thread.currentThread()) { // once more: somebody may have begun who did not see it rest
            LockSupport.park(this);
        }
        resting = false;
    }

    private boolean lookAround() {
        boolean busy = false;
        for (Post post : posts) {
            busy |= post.look();
        }
        return busy;
    }

    /** Wakes nobody before that is needed, for events that are shifts; for others it is the pool. */
    private final class Selectors implements TryExecutor {
        private final TryExecutor pool;
        private volatile Post[] own = {};

        Selectors(Executor pool) {
            this.pool = TryExecutor.asTryExecutor(pool);
        }

        @Override
        public void execute(Runnable task) {
            pool.execute(task);
        }

        /** Promises that somebody will go on with the selector while this thread may block. */
        @Override
        public boolean tryExecute(Runnable selecting) {
            Shift shift = Shift.announced();
            if (shift == null || !isReady()) {
                return pool.tryExecute(selecting);
            }
            shift.begin(Relief.this);
            postOf(selecting).current = shift;
            return true;
        }

        private Post postOf(Runnable selecting) {
            for (Post post : own) {
                if (post.selecting == selecting) {
                    return post;
                }
            }
            return add(selecting);
        }

        private synchronized Post add(Runnable selecting) {
            for (Post post : own) {
                if (post.selecting == selecting) {
                    return post;
                }
            }
            Post post = new Post(selecting);
            Post[] more = Arrays.copyOf(own, own.length + 1);
            more[own.length] = post;
            own = more;
            posts.add(post);
            return post;
        }
    }

    /** A selector, and the latest shift there. */
    private final class Post {
        private final Runnable selecting;
        private volatile @Nullable Shift current;
        private @Nullable Shift last; // of the watcher, as the next one
        private @Nullable Shift serving;

        Post(Runnable selecting) {
            this.selecting = selecting;
        }

        /** Whether anything has happened since the last look; relieves who serves the same request as then. */
        boolean look() {
            Shift now = current;
            boolean changed = now != last;
            last = now;
            if (now == null || !now.isServing()) {
                serving = null;
                return changed;
            }
            if (serving != now) {
                serving = now;
            } else if (now.relieve()) {
                serving = null;
                overdue.incrementAndGet();
                succeed();
            }
            return true;
        }

        private void succeed() {
            try {
                successors.execute(selecting);
            } catch (RejectedExecutionException e) {
                LOG.debug("Nobody is relieved any more, the server is stopping: {}", e.toString());
            }
        }

        boolean isGone() {
            return selecting instanceof LifeCycle strategy && strategy.isStopped();
        }
    }
}
