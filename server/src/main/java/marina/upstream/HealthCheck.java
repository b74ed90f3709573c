package marina.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import marina.config.PoolConfig;
import marina.config.Secrets;
import marina.proxy.Forwarder;
import marina.proxy.Question;
import org.jspecify.annotations.Nullable;

/**
 * Asks one member again and again how it is, until it is closed. The first time at once, later ones spread by a tenth of the
 * interval, so that many members, and many machines, do not ask at the same moment. Thread-safe; blocks nobody.
 */
final class HealthCheck implements AutoCloseable {
    private static final int REDIRECTS = 5;
    private static final int MOST_BODY = 64 * 1024;
    private static final double JITTER = 0.1;
    private static final long SOONEST = Duration.ofSeconds(1).toNanos();

    private final Member member;
    private final PoolConfig.Check check;
    private final Question question;
    private final Forwarder forwarder;
    private final ScheduledExecutorService scheduler;
    private final AtomicBoolean started = new AtomicBoolean();
    private @Nullable Future<?> next; // guarded by this, as all below
    private boolean asking;
    private boolean closed;
    private boolean decided; // whether a check has been over
    private int inARow; // good ones of an unhealthy member, failed ones of a healthy one
    private boolean good; // how the last one was
    private long ended;

    HealthCheck(
            Member member,
            PoolConfig.Member address,
            PoolConfig.Check check,
            Forwarder forwarder,
            ScheduledExecutorService scheduler) {
        this.member = member;
        this.check = check;
        this.question = question(address, check);
        this.forwarder = forwarder;
        this.scheduler = scheduler;
    }

    private static Question question(PoolConfig.Member address, PoolConfig.Check check) {
        PoolConfig.Question asked = check.question();
        Map<String, String> fields = new LinkedHashMap<>();
        if (!address.host().isEmpty()) {
            fields.put("Host", address.host());
        }
        if (asked.headers().keySet().stream().noneMatch("User-Agent"::equalsIgnoreCase)) {
            fields.put("User-Agent", "Marina");
        }
        asked.headers().forEach((name, value) -> fields.put(name, value.expand(Map.of())));
        return new Question(
                server(address.url(), asked.port()),
                asked.method(),
                asked.path(),
                fields,
                check.timeout(),
                asked.followRedirects() ? REDIRECTS : 0,
                check.expect().body().isEmpty() ? 0 : MOST_BODY);
    }

    private static URI server(URI url, int port) {
        try {
            return new URI(url.getScheme(), null, url.getHost(), port == 0 ? url.getPort() : port, "/", null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Begins, the first time that this is called, as soon as the forwarder can ask. */
    void start() {
        if (!started.compareAndSet(false, true)) {
            return;
        }
        var unused = forwarder.started().thenRun(this::begin);
    }

    /** Checks now, because a request has failed, unless it has just been done. */
    void soon() {
        synchronized (this) {
            if (asking || closed || !decided || System.nanoTime() - ended < SOONEST) {
                return;
            }
            if (next != null) {
                next.cancel(false);
            }
        }
        begin();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void begin() {
        synchronized (this) {
            if (closed || asking) {
                return;
            }
            asking = true;
        }
        ask(check.retries());
    }

    private void ask(int retries) {
        var unused = answer().thenAccept(trouble -> {
            if (trouble.isEmpty() || retries == 0 || isClosed()) {
                over(trouble);
            } else {
                ask(retries - 1);
            }
        });
    }

    /** What is wrong with the answer; empty for nothing. Never completes exceptionally. */
    private CompletableFuture<String> answer() {
        return forwarder
                .ask(question)
                .thenApply(this::judge)
                .exceptionally(failure -> asked() + ": " + Words.cause(failure));
    }

    private String judge(Question.Reply reply) {
        if (!check.expect().accepts(reply.status())) {
            return asked() + " was answered with " + reply.status() + " and not with "
                    + String.join(
                            " or ",
                            check.expect().statuses().stream()
                                    .map(PoolConfig.StatusRange::toString)
                                    .toList());
        }
        return reply.body().contains(check.expect().body())
                ? ""
                : asked() + " was answered without \"" + check.expect().body() + "\" (expect_body)";
    }

    private String asked() {
        return question.method() + " " + Secrets.maskUrl(question.path());
    }

    private void over(String trouble) {
        boolean first;
        int row;
        synchronized (this) {
            asking = false;
            if (closed) {
                return;
            }
            ended = System.nanoTime();
            first = !decided;
            decided = true;
            inARow = good == trouble.isEmpty() ? inARow + 1 : 1;
            good = trouble.isEmpty();
            row = inARow;
        }
        if (trouble.isEmpty()) {
            if (first || row >= check.consecutiveUp()) {
                member.healthy();
            }
        } else {
            member.note(trouble);
            if (first || row >= check.consecutiveDown()) {
                member.unhealthy(trouble);
            }
        }
        schedule();
    }

    private synchronized void schedule() {
        if (closed) {
            return;
        }
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        long pause = (long) (check.interval().toNanos() * factor);
        try {
            next = scheduler.schedule(this::begin, pause, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            closed = true; // the server is stopping
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }
}
