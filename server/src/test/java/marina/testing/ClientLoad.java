package marina.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Keep-alive clients that ask again as soon as they have an answer. */
public final class ClientLoad {
    private final Set<String> bodies = ConcurrentHashMap.newKeySet();
    private final Queue<String> bad = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<CompletableFuture<Void>> clients = new ArrayList<>();

    private ClientLoad() {}

    /** Some clients that ask for one path. */
    public static ClientLoad on(MarinaUnderTest marina, String path, int clients) {
        ClientLoad load = new ClientLoad();
        for (int i = 0; i < clients; i++) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            load.clients.add(over);
            load.next(marina, path, over);
        }
        return load;
    }

    /** How many answers came so far. */
    public long answered() {
        return answered.get();
    }

    /** The different bodies of good answers. */
    public Set<String> bodies() {
        return bodies;
    }

    /** Waits for the last answers; tells what was not 200. */
    public Queue<String> stop() throws Exception {
        stopped.set(true);
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
        return bad;
    }

    private void next(MarinaUnderTest marina, String path, CompletableFuture<Void> over) {
        if (stopped.get()) {
            over.complete(null);
            return;
        }
        var unused = marina.getAsync(path).whenCompleteAsync((answer, failure) -> {
            answered.incrementAndGet();
            if (answer == null) {
                bad.add(failure.toString());
            } else if (answer.statusCode() == 200) {
                bodies.add(answer.body());
            } else {
                bad.add(answer.statusCode() + " " + answer.body());
            }
            next(marina, path, over);
        });
    }
}
