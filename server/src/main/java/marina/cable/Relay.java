package marina.cable;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import marina.config.Secrets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cables of other machines of the broadcasts here, and hears of theirs, over a NATS server. Nobody waits for it: while it
 * is not connected, broadcasts reach the sockets of their own machine only. Thread-safe.
 */
final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final String SUBJECT = "marina.cable";
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 10_000;
    private static final long MOST_WAITING_BYTES = 8L << 20;
    private static final int FOREVER = -1;

    private final URI server;
    private final BiConsumer<CableHub.Key, String> heard;
    private final LongAdder lost = new LongAdder();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::connect, "marina-cable-relay");
    private volatile @Nullable Connection connection;

    /**
     * One that is about to connect.
     *
     * @param server such as {@code nats://user:password@10.0.0.5:4222}
     * @param heard called with the streams and data of other machines; must not block
     */
    Relay(URI server, BiConsumer<CableHub.Key, String> heard) {
        this.server = server;
        this.heard = heard;
        thread.setDaemon(true);
        thread.start();
    }

    URI server() {
        return server;
    }

    /** Whether others can hear and be heard. */
    boolean isConnected() {
        Connection open = connection;
        return open != null && open.getStatus() == Connection.Status.CONNECTED;
    }

    /** Broadcasts of this machine that others did not get. */
    long lost() {
        return lost.sum();
    }

    /** Tells the others. Never blocks. */
    void tell(CableHub.Key key, String data) {
        Connection open = connection;
        if (open == null) {
            lost.increment();
            return;
        }
        String text = "{\"scope\":" + JsonText.quote(key.scope()) + ",\"stream\":" + JsonText.quote(key.name())
                + (data.isEmpty() ? "}" : ",\"data\":" + data + "}");
        try {
            open.publish(SUBJECT, text.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | IllegalStateException e) {
            lost.increment(); // larger than the server takes, or too much waits for it to come back
            LOG.debug("A broadcast could not be relayed: {}", e.getMessage());
        }
    }

    private void connect() {
        Options options = new Options.Builder()
                .server(server.toString())
                .connectionName("marina")
                .noEcho()
                .connectionTimeout(PATIENCE)
                .maxReconnects(FOREVER)
                .reconnectWait(RETRY)
                .reconnectBufferSize(MOST_WAITING_BYTES)
                .maxMessagesInOutgoingQueue(MOST_WAITING)
                .discardMessagesWhenOutgoingQueueFull()
                .errorListener(new Failures())
                .build();
        boolean told = false;
        try {
            do {
                try {
                    Connection open = Nats.connect(options);
                    open.createDispatcher(this::hear).subscribe(SUBJECT);
                    connection = open;
                    if (closing.getCount() == 0) {
                        open.close();
                        return;
                    }
                    LOG.info("The cable is connected with others over {}", Secrets.maskUrl(server.toString()));
                    return;
                } catch (IOException e) {
                    if (!told) {
                        told = true;
                        LOG.warn(
                                "cable.relay: {} cannot be reached: {}; broadcasts stay on this machine until it is there",
                                Secrets.maskUrl(server.toString()),
                                Secrets.maskUrl(String.valueOf(e.getMessage())));
                    }
                }
            } while (!closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("The relay was closed before it was connected");
        }
    }

    private void hear(Message message) {
        try {
            Map<String, String> members = JsonText.members(new String(message.getData(), StandardCharsets.UTF_8));
            String scope = JsonText.string(members.get("scope"));
            String stream = JsonText.string(members.get("stream"));
            heard.accept(new CableHub.Key(scope, stream), members.getOrDefault("data", ""));
        } catch (IllegalArgumentException e) {
            LOG.debug("Something on {} is no broadcast: {}", SUBJECT, e.getMessage());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(PATIENCE.toMillis());
            Connection open = connection;
            if (open != null) {
                open.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Instead of the library's own, which prints to standard error. */
    private final class Failures implements ErrorListener {
        @Override
        public void errorOccurred(Connection from, String error) {
            LOG.warn("cable.relay: the server says: {}", error);
        }

        @Override
        public void exceptionOccurred(Connection from, Exception failure) {
            LOG.debug("The relay has lost its server and looks for it", failure);
        }

        @Override
        public void messageDiscarded(Connection from, Message message) {
            lost.increment();
        }
    }
}
