package marina.it;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers: right ones, which name the place that must answer and what was asked; clean refusals; connections that broke
 * off, which a client notices; and wrong ones. Thread-safe.
 */
final class Tally {
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    /**
     * Counts what a request got.
     *
     * @param region that must answer
     * @param asked its method and path
     * @param answer null when there was none
     */
    void count(String region, String asked, @Nullable HttpResponse<String> answer, @Nullable Throwable failure) {
        if (answer == null) {
            boolean hung = String.valueOf(failure).contains("timed out");
            if (hung) {
                wrong.add(asked + ": no answer: " + failure);
            } else {
                broken.incrementAndGet();
            }
        } else if (answer.statusCode() == 200) {
            if (isFrom(region, asked, answer.body())) {
                right.incrementAndGet();
            } else {
                wrong.add(asked + ": " + answer.body());
            }
        } else {
            refusal(asked, answer);
        }
    }

    private void refusal(String asked, HttpResponse<String> answer) {
        int status = answer.statusCode();
        String body = answer.body();
        boolean trace = body.contains("Exception") || body.contains("\tat ");
        boolean told =
                switch (status) {
                    case 404 -> body.contains("Not provisioned");
                    case 503 -> answer.headers().firstValue("Retry-After").isPresent() || isOfEdge(answer);
                    case 502 -> answer.headers().firstValue("Retry-After").isPresent() || isOfEdge(answer);
                    case 508 -> body.contains("Loop detected");
                    case 403 -> body.contains("does not come the way that it says");
                    default -> false;
                };
        if (told && !trace) {
            String kind = status
                    + (isOfEdge(answer)
                            ? " " + answer.headers().firstValue("Sim-Fault").orElse("")
                            : "");
            refused.computeIfAbsent(kind, one -> new AtomicInteger()).incrementAndGet();
        } else {
            wrong.add(asked + ": " + status + " " + answer.headers().map() + " " + body);
        }
    }

    private static boolean isOfEdge(HttpResponse<String> answer) {
        return answer.headers().firstValue("Sim-Fault").isPresent();
    }

    private static boolean isFrom(String region, String asked, String body) {
        return body.startsWith("{")
                && new JSON().fromJSON(body) instanceof Map<?, ?> told
                && region.equals(told.get("region"))
                && asked.equals(told.get("asked"));
    }

    int right() {
        return right.get();
    }

    /** Connections that ended without a whole answer, such as those of large bodies that are refused. */
    int broken() {
        return broken.get();
    }

    /** How many refusals had a status; those of the edge have its code behind it. */
    int refused(String kind) {
        AtomicInteger count = refused.get(kind);
        return count == null ? 0 : count.get();
    }

    /** All refusals. */
    int refused() {
        return refused.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** What must not be. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    @Override
    public String toString() {
        return right + " right, refused " + refused + ", " + broken + " broken off, wrong " + wrong;
    }
}
