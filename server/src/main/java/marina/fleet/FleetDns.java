package marina.fleet;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/**
 * Remembers what DNS says for as long as it says so. What is over is still used while it is asked for again, unless it is long over;
 * a question is asked once, however many want to know. Thread-safe; takes no lock that is held while it waits.
 */
public final class FleetDns {
    /** How long after its end an answer is used while the next one is on its way, or nobody gives one. */
    private static final Duration USABLE = Duration.ofSeconds(30);

    /** Names come from the configuration and from answers of the fleet's own DNS; more than this are not remembered. */
    private static final int MOST = 10_000;

    private final DnsQueries queries;
    private final List<String> search;
    private final Map<Question, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /**
     * A memory of the answers of one server.
     *
     * @param search what is put behind names that have no answer themselves
     * @param timeout for one question
     */
    public FleetDns(
            Supplier<InetSocketAddress> server,
            List<String> search,
            Duration timeout,
            Executor executor,
            ScheduledExecutorService scheduler) {
        this.queries = new DnsQueries(server, timeout, executor, scheduler);
        this.search = List.copyOf(search);
    }

    /** Forgets all: the machine has slept, or somebody knows better. */
    public void drop() {
        entries.clear();
    }

    /** Questions that went out. */
    public long asked() {
        return asked.get();
    }

    /** Those of them that nobody answered as they should. */
    public long failed() {
        return failed.get();
    }

    /**
     * What DNS has said of a name.
     *
     * @param found whether it has records
     * @param values of the records
     * @param age since it was said
     */
    public record Said(String name, boolean found, List<String> values, Duration age) {}

    /** All that is remembered, by name. */
    public List<Said> known() {
        long now = System.nanoTime();
        List<Said> all = new ArrayList<>();
        entries.forEach((question, entry) -> {
            Known known = entry.known;
            if (known != null && known.answer.kind() != DnsAnswer.Kind.FAILED) {
                DnsAnswer answer = known.answer;
                List<String> values = new ArrayList<>(answer.texts());
                answer.addresses().forEach(address -> values.add(address.getHostAddress()));
                Duration age = Duration.ofNanos(
                        Math.max(0, now - known.until + answer.ttl().toNanos()));
                all.add(new Said(question.name, answer.isFound(), List.copyOf(values), age));
            }
        });
        all.sort(Comparator.comparing(Said::name));
        return all;
    }

    /** Questions whose answers are on their way. */
    long underWay() {
        return entries.values().stream().filter(Entry::isUnderWay).count();
    }

    /**
     * The texts of a name.
     *
     * @param current whether an answer that is over is not good enough
     */
    CompletableFuture<DnsAnswer> texts(String name, boolean current) {
        return ask(new Question(name, Type.TXT), current);
    }

    /** The IPv6 addresses of a name. */
    CompletableFuture<DnsAnswer> ipv6(String name, boolean current) {
        return ask(new Question(name, Type.AAAA), current);
    }

    /** All addresses of a name, or of the name with what is searched behind it. */
    CompletableFuture<DnsAnswer> addresses(String name, boolean current) {
        return addresses(name, 0, current);
    }

    /** All addresses of a name that is about to be called; that there are none is believed of a current answer only. */
    CompletableFuture<DnsAnswer> reachable(String name) {
        return addresses(name, false)
                .thenCompose(answer -> answer.kind() == DnsAnswer.Kind.NONE && answer.stale()
                        ? addresses(name, true)
                        : CompletableFuture.completedFuture(answer));
    }

    private CompletableFuture<DnsAnswer> addresses(String name, int step, boolean current) {
        String full = step == 0 ? name : name + "." + search.get(step - 1);
        return ask(new Question(full, Type.AAAA), current)
                .thenCombine(ask(new Question(full, Type.A), current), DnsAnswer::and)
                .thenCompose(answer -> answer.kind() == DnsAnswer.Kind.NONE && step < search.size()
                        ? addresses(name, step + 1, current)
                        : CompletableFuture.completedFuture(answer));
    }

    private CompletableFuture<DnsAnswer> ask(Question question, boolean current) {
        Entry entry = entries.computeIfAbsent(question, unused -> new Entry());
        Known known = entry.known;
        long now = System.nanoTime();
        if (known != null && now - known.until < 0) {
            return CompletableFuture.completedFuture(known.answer);
        }
        DnsAnswer usable = known != null && known.isUsable(now) ? known.answer.asStale() : null;
        if (usable != null && now - entry.nextQuestion < 0) { // nobody has answered a moment ago
            return CompletableFuture.completedFuture(current ? DnsAnswer.FAILED : usable);
        }
        CompletableFuture<DnsAnswer> next = entry.refresh(() -> send(question));
        return usable != null && !current ? CompletableFuture.completedFuture(usable) : next;
    }

    private CompletableFuture<DnsAnswer> send(Question question) {
        if (entries.size() > MOST) {
            entries.values().removeIf(Entry::isOver);
        }
        asked.incrementAndGet();
        return queries.ask(question.name, question.type).whenComplete((answer, failure) -> {
            if (answer.kind() == DnsAnswer.Kind.FAILED) {
                failed.incrementAndGet();
            }
        });
    }

    private record Question(String name, int type) {}

    private record Known(DnsAnswer answer, long until) {
        boolean isUsable(long now) {
            return answer.kind() != DnsAnswer.Kind.FAILED && now - until < USABLE.toNanos();
        }
    }

    /** What is known of one question, and what is on its way. */
    private static final class Entry {
        private volatile @Nullable Known known;
        private volatile long nextQuestion = System.nanoTime(); // not before, when the last one has failed
        private @Nullable CompletableFuture<DnsAnswer> underWay; // guarded by this

        /** The answer that is on its way, and if there is none, the question goes out. */
        CompletableFuture<DnsAnswer> refresh(Supplier<CompletableFuture<DnsAnswer>> question) {
            CompletableFuture<DnsAnswer> mine = new CompletableFuture<>();
            synchronized (this) {
                if (underWay != null) {
                    return underWay;
                }
                underWay = mine;
            }
            var unused = question.get().whenComplete((answer, failure) -> {
                learn(answer, System.nanoTime());
                synchronized (this) {
                    underWay = null;
                }
                mine.complete(answer);
            });
            return mine;
        }

        /** A failure takes nothing away from what is known. */
        private void learn(DnsAnswer answer, long now) {
            Known before = known;
            long until = now + answer.ttl().toNanos();
            if (answer.kind() == DnsAnswer.Kind.FAILED && before != null && before.isUsable(now)) {
                nextQuestion = until;
            } else {
                known = new Known(answer, until);
            }
        }

        synchronized boolean isUnderWay() {
            return underWay != null;
        }

        boolean isOver() {
            Known latest = known;
            return latest != null && System.nanoTime() - latest.until > 0;
        }
    }
}
