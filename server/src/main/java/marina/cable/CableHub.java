package marina.cable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/** Who is subscribed to what. A stream is there while it has subscribers. Thread-safe. */
final class CableHub {
    private final ConcurrentMap<Key, CableStream> streams = new ConcurrentHashMap<>();
    private final LongAdder subscriptions = new LongAdder();

    /**
     * A stream.
     *
     * @param scope whose it is: the path of a context
     * @param name what the application calls it
     */
    record Key(String scope, String name) {}

    void subscribe(Key key, Subscription subscription) {
        streams.compute(key, (same, found) -> {
            CableStream stream = found == null ? new CableStream() : found;
            if (stream.add(subscription)) {
                subscriptions.increment();
            }
            return stream;
        });
    }

    void unsubscribe(Key key, Subscription subscription) {
        streams.computeIfPresent(key, (same, stream) -> {
            if (stream.remove(subscription)) {
                subscriptions.decrement();
            }
            return stream.isEmpty() ? null : stream;
        });
    }

    /** Sends a message to all who are subscribed now; to nobody, if nobody is. */
    void publish(Key key, Message message, Executor executor) {
        CableStream stream = streams.get(key);
        if (stream == null) {
            message.done();
        } else {
            stream.publish(message, executor);
        }
    }

    int streams() {
        return streams.size();
    }

    long subscriptions() {
        return subscriptions.sum();
    }
}
