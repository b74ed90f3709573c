package marina.simulator.machine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that the edge has in a machine, and since when there are none. Thread-safe. */
public final class Load {

    private final Workers.Listener listener;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile long idleSince = System.nanoTime();

    Load(Workers.Listener listener) {
        this.listener = listener;
    }

    /** How many there are. */
    public int requests() {
        return requests.get();
    }

    /**
     * A request enters, unless the machine is full.
     *
     * @param hardLimit how many it takes; 0 is any number
     * @return whether it has entered
     */
    public boolean enter(int hardLimit) {
        int before = requests.getAndUpdate(now -> hardLimit > 0 && now >= hardLimit ? now : now + 1);
        touch();
        return hardLimit == 0 || before < hardLimit;
    }

    /** A request leaves. */
    public void leave() {
        requests.decrementAndGet();
        touch();
        listener.noticed();
    }

    /** How long no request has been in it; zero while one is. */
    public Duration idle() {
        return requests.get() > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - idleSince);
    }

    void touch() {
        idleSince = System.nanoTime();
    }
}
