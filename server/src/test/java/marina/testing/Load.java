package marina.testing;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Clients over keep-alive connections that ask for one path again as soon as they have an answer. Thread-safe. */
public final class Load {
    private final MarinaUnderTest marina;
    private final String path;
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<CompletableFuture<Void>> clients = new ArrayList<>();

    private Load(MarinaUnderTest marina, String path) {
        this.marina = marina;
        this.path = path;
    }

    /** Begins to ask. */
    public static Load of(int clients, MarinaUnderTest marina, String path) {
        Load load = new Load(marina, path);
        for (int i = 0; i < clients; i++) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            load.clients.add(over);
            load.next(over);
        }
        return load;
    }

    /** Each as status and body: {@code 200 shop}. */
    public Queue<String> answers() {
        return answers;
    }

    /** The longest that anybody waited for an answer. */
    public Duration longest() {
        return Duration.ofNanos(longest.get());
    }

    /** Begins anew with {@link #longest}: to connect hundreds of clients at once takes a time that says nothing of the server. */
    public void forgetWaits() {
        longest.set(0);
    }

    /** Waits for the last answers. */
    public void stop() throws Exception {
        stopped.set(true);
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    private void next(CompletableFuture<Void> over) {
        if (stopped.get()) {
            over.complete(null);
            return;
        }
        long begin = System.nanoTime();
        var unused = marina.getAsync(path).whenCompleteAsync((answer, failure) -> {
            longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            answers.add(failure == null ? text(answer) : failure.toString());
            next(over);
        });
    }

    private static String text(HttpResponse<String> answer) {
        return answer.statusCode() == 200 ? "200 " + answer.body() : Integer.toString(answer.statusCode());
    }
}
