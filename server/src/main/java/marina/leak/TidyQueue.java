package marina.leak;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.BlockingArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a pool whose threads forget, before they look for their next task, what stopped applications have left with
 * them. A queue and not a pool, so that Jetty's MBean keeps its name. Thread-safe.
 */
public final class TidyQueue extends BlockingArrayQueue<Runnable> {
    private final LeakGuard leaks;

    /** An empty one, which grows as needed. */
    public TidyQueue(LeakGuard leaks) {
        this.leaks = leaks;
    }

    @Override
    public @Nullable Runnable poll() {
        leaks.tidy();
        return super.poll();
    }

    @Override
    public @Nullable Runnable poll(long time, TimeUnit unit) throws InterruptedException {
        leaks.tidy();
        return super.poll(time, unit);
    }

    @Override
    public Runnable take() throws InterruptedException {
        leaks.tidy();
        return super.take();
    }
}
