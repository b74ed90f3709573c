package marina.cable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.internal.MessageHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One browser. It sends {@code {"type":"subscribe","stream":…}}, {@code unsubscribe} and {@code pong}, and gets
 * {@code subscribed}, {@code message} and {@code ping}; what it does not understand it passes over. Thread-safe: Jetty reads
 * one message at a time, while others send.
 */
final class CableSocket extends MessageHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CableSocket.class);
    private static final ByteBuffer PING = Message.utf8("{\"type\":\"ping\"}");

    /** A client that takes nothing for so long is cut off. */
    private static final long STALL_NANOS = Duration.ofSeconds(10).toNanos();

    /** So soon where others need the memory that waits for it. */
    private static final long SHORT_STALL_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int SUBSCRIPTION_BYTES = 250;

    private final Cable cable;
    private final Terms terms;
    private final Map<String, CableHub.Key> streams = new HashMap<>(); // guarded by itself
    private boolean left; // guarded by streams
    private volatile @Nullable Outbox outbox;
    private int arrived; // of a message whose end is still to come; used by one frame at a time
    private volatile long lastPing = System.nanoTime();
    private volatile long answerDue; // by nanoTime; 0 while no ping waits for its answer

    /**
     * What holds for a socket from its begin to its end.
     *
     * @param scope whose streams it sees
     * @param names how it may call them
     * @param client whose it is, by address
     * @param subscriptions how many
     * @param queue how many messages may wait for it
     */
    record Terms(String scope, StreamNames names, long client, int subscriptions, int queue) {}

    CableSocket(Cable cable, Terms terms) {
        this.cable = cable;
        this.terms = terms;
    }

    @Override
    public void onOpen(CoreSession session, Callback callback) {
        outbox = new Outbox(session, terms.queue);
        lastPing = System.nanoTime();
        super.onOpen(session, callback);
        cable.opened(this);
    }

    long client() {
        return terms.client;
    }

    /** Jetty keeps the pieces of a message until it is complete: what all clients have begun to send is limited, too. */
    @Override
    public void onFrame(Frame frame, Callback callback) {
        if (frame.isDataFrame()) {
            int size = frame.getPayloadLength();
            if (frame.isFin()) {
                forgetArrived();
            } else if (cable.backlogs().arriving().take(size)) {
                arrived += size;
            } else {
                callback.succeeded();
                close(CloseStatus.TRY_AGAIN_LATER, "too much is on its way");
                return;
            }
        }
        super.onFrame(frame, callback);
    }

    private void forgetArrived() {
        cable.backlogs().arriving().give(arrived);
        arrived = 0;
    }

    @Override
    protected void onText(String text, Callback callback) {
        try {
            understand(JsonText.members(text));
        } catch (IllegalArgumentException e) {
            LOG.debug("A message of a client is passed over: {}", e.getMessage());
        }
        callback.succeeded();
    }

    @Override
    protected void onBinary(ByteBuffer message, Callback callback) {
        callback.succeeded();
    }

    @Override
    protected void onPongFrame(Frame frame, Callback callback) {
        answerDue = 0;
        super.onPongFrame(frame, callback);
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.debug("A socket has failed", cause);
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        forgetArrived();
        leave();
        super.onClosed(status, callback);
    }

    private void understand(Map<String, String> message) {
        String stream = JsonText.string(message.get("stream"));
        switch (JsonText.string(message.get("type"))) {
            case "subscribe" -> subscribe(stream);
            case "unsubscribe" -> unsubscribe(stream);
            case "pong" -> answerDue = 0;
            default -> LOG.debug("A message of a type that is not known is passed over");
        }
    }

    /** Subscribes first and says so then: whoever has read that gets everything from then on. */
    private void subscribe(String sentName) {
        Optional<String> name = terms.names.read(sentName);
        if (name.isEmpty()) {
            if (!sentName.isEmpty()) {
                cable.counters().refusedSubscriptions.increment();
            }
            return;
        }
        CableHub.Key key = new CableHub.Key(terms.scope, name.get());
        synchronized (streams) {
            if (left) {
                return;
            }
            if (!streams.containsKey(sentName)) {
                if (streams.size() >= terms.subscriptions
                        || !cable.backlogs().named().take(size(sentName, key))) {
                    cable.counters().refusedSubscriptions.increment();
                    return;
                }
                streams.put(sentName, key);
                cable.hub().subscribe(key, new Subscription(this, sentName));
            }
        }
        send(parcel(Message.utf8("{\"type\":\"subscribed\",\"stream\":" + JsonText.quote(sentName) + "}")));
    }

    private void unsubscribe(String sentName) {
        synchronized (streams) {
            CableHub.Key key = streams.remove(sentName);
            if (key != null) {
                cable.backlogs().named().give(size(sentName, key));
                cable.hub().unsubscribe(key, new Subscription(this, sentName));
            }
        }
    }

    /** Sends a text, or drops it when too many wait already. Never blocks. */
    void send(Parcel text) {
        Outbox open = outbox;
        if (open == null) {
            return;
        }
        if (open.offer(text)) {
            cable.counters().delivered.increment();
        } else {
            cable.counters().dropped.increment();
        }
    }

    /** Looks after the client: asks for a sign of life when it is time, cuts it off when it gives none or does not read. */
    void look(long now, Duration ping) {
        Outbox open = outbox;
        if (open == null) {
            return;
        }
        long due = answerDue;
        boolean silent = due != 0 && now - due > 0;
        long patience = cable.backlogs().waiting().isShort() ? SHORT_STALL_NANOS : STALL_NANOS;
        if (silent || open.stalledNanos(now) > patience) {
            cable.counters().cutOff.increment();
            LOG.debug("A client is cut off that {}", silent ? "gives no sign of life" : "does not read");
            getCoreSession().abort();
        } else if (now - lastPing >= ping.toNanos()) {
            lastPing = now;
            if (open.offer(parcel(PING)) && due == 0) {
                answerDue = (now + ping.toNanos()) | 1; // what holds now, even when a reload asks for more haste
            }
        }
    }

    private Parcel parcel(ByteBuffer text) {
        return new Parcel(text, cable.backlogs().waiting());
    }

    /** Bytes of a subscription, about: its names, and what refers to them. */
    private static int size(String sentName, CableHub.Key key) {
        return 2 * (sentName.length() + key.name().length()) + SUBSCRIPTION_BYTES;
    }

    /** Says goodbye, RFC 6455 section 7.4.1. */
    void close(int status, String reason) {
        CoreSession session = getCoreSession();
        if (session != null) {
            session.close(status, reason, Callback.NOOP);
        }
    }

    private void leave() {
        Outbox open = outbox;
        if (open != null) {
            open.close();
        }
        synchronized (streams) {
            left = true;
            streams.forEach((sentName, key) -> {
                cable.backlogs().named().give(size(sentName, key));
                cable.hub().unsubscribe(key, new Subscription(this, sentName));
            });
            streams.clear();
        }
        cable.closed(this);
    }
}
