package marina.it;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened during a soak, and whether each failure has a reason: a process of that context was killed. Thread-safe. */
final class SoakTally {
    /** A kill a moment before a request begins is still felt by it. */
    private static final long AFTERMATH = Duration.ofSeconds(2).toNanos();

    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final Map<String, Queue<Long>> kills = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, Boolean> givenUp = new ConcurrentHashMap<>();

    void count(String what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    long counted(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    void fault(String what) {
        faults.add(what);
    }

    Queue<String> faults() {
        return faults;
    }

    /** About to kill a process of this context. */
    void killing(String context) {
        kills.computeIfAbsent(context, key -> new ConcurrentLinkedQueue<>()).add(System.nanoTime());
        count("kills");
    }

    /** Contexts that said that they stay off until somebody restarts them. */
    Map<String, Boolean> givenUp() {
        return givenUp;
    }

    /** Looks at the answer to a request of this context that began at this time. */
    void judge(String context, SoakClient.Answer answer, String expected, long begin) {
        count("status " + answer.status());
        if (answer.status() == 200) {
            if (!answer.body().equals(expected)) {
                count("wrong answers");
                fault("/" + context + " answered: " + start(answer.body()));
            }
            return;
        }
        if (answer.status() != 502 && answer.status() != 503) {
            fault("/" + context + ": status " + answer.status());
        } else if (!answer.headers().containsKey("retry-after")) {
            fault("/" + context + ": " + answer.status() + " without Retry-After");
        }
        if (answer.status() == 502 && !wasKilled(context, begin)) {
            fault("/" + context + ": 502, but nobody had killed it");
        }
        if (answer.body().contains("stays off")) {
            givenUp.put(context, true);
        }
    }

    /** A connection broke in the middle of an answer, a body or a tunnel. */
    void cut(String context, Exception why, long begin) {
        count("cut off");
        if (!wasKilled(context, begin)) {
            fault("/" + context + ": " + why + ", but nobody had killed it");
        }
    }

    private boolean wasKilled(String context, long begin) {
        Queue<Long> times = kills.get(context);
        return times != null && times.stream().anyMatch(time -> time - begin > -AFTERMATH);
    }

    private static String start(String body) {
        return body.length() < 80 ? body : body.substring(0, 80) + "… (" + body.length() + " characters)";
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
