package marina.server;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * The key of a client's connection, which asks the system less. Jetty takes its interest in reading back while a request is handled, and
 * shows it again afterwards: two system calls for each request, although hardly a client says anything meanwhile. Here the interest stays
 * until a client does. Changed by one thread at a time, as Jetty's end points do.
 */
final class PatientKey extends SelectionKey {
    private final SelectionKey key;
    private volatile int wanted;

    PatientKey(SelectionKey key) {
        this.key = key;
        this.wanted = key.interestOps();
    }

    @Override
    public SelectionKey interestOps(int operations) {
        wanted = operations;
        int known = key.interestOps();
        if (known != operations && known != (operations | OP_READ)) {
            key.interestOps(operations);
        }
        return this;
    }

    /** What is there and wanted; what is there and not wanted is not asked for any more. */
    @Override
    public int readyOps() {
        int ready = key.readyOps();
        int expected = wanted;
        if ((ready & ~expected) != 0) {
            key.interestOps(expected);
        }
        return ready & expected;
    }

    @Override
    public int interestOps() {
        return wanted;
    }

    @Override
    public SelectableChannel channel() {
        return key.channel();
    }

    @Override
    public Selector selector() {
        return key.selector();
    }

    @Override
    public boolean isValid() {
        return key.isValid();
    }

    @Override
    public void cancel() {
        key.cancel();
    }
}
