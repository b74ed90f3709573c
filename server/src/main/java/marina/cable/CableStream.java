package marina.cable;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The subscribers of one stream. All get its messages in the same order. Thread-safe; holds no lock while it sends. */
final class CableStream {
    private static final Logger LOG = LoggerFactory.getLogger(CableStream.class);

    private final Set<Subscription> subscribers = ConcurrentHashMap.newKeySet();
    private final Queue<Message> due = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();

    boolean add(Subscription subscription) {
        return subscribers.add(subscription);
    }

    boolean remove(Subscription subscription) {
        return subscribers.remove(subscription);
    }

    boolean isEmpty() {
        return subscribers.isEmpty();
    }

    /** Sends a message after those that came before it, on another thread. */
    void publish(Message message, Executor executor) {
        due.add(message);
        if (work.getAndIncrement() == 0) {
            executor.execute(this::work);
        }
    }

    private void work() {
        do {
            deliver();
        } while (work.decrementAndGet() > 0);
    }

    private void deliver() {
        Message next = due.poll();
        if (next == null) {
            return;
        }
        try {
            for (Subscription one : subscribers) {
                send(next, one);
            }
        } finally {
            next.done();
        }
    }

    /** What goes wrong with one of them is no matter of the others, nor of the messages to come. */
    private static void send(Message message, Subscription one) {
        try {
            one.socket().send(message.text(one.sentName()));
        } catch (RuntimeException e) {
            LOG.warn("A message could not be sent to a subscriber", e);
        }
    }
}
