package marina.context;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import marina.backend.BackendUnavailableException;
import marina.backend.StartProgress;

/**
 * What those read who wait for an application: which one, for how long, and what they can do. Never why it failed, since
 * that quotes the application's output. Pure.
 */
final class WaitingPages {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** Of a start that nobody knows the length of. */
    private static final Duration USUAL = Duration.ofSeconds(2);

    private WaitingPages() {}

    /**
     * A context is starting.
     *
     * @param refreshes whether the answer asks for itself again
     * @param harmless whether nothing is lost when the request is not sent again
     */
    static StatusPage starting(String context, StartProgress progress, boolean refreshes, boolean harmless) {
        String since = progress.elapsed().isZero()
                ? "The application at " + context + " is about to start."
                : "The application at " + context + " has been starting for " + seconds(progress.elapsed()) + ".";
        String usual =
                progress.lastStart().isZero() ? "" : " Its last start took " + seconds(progress.lastStart()) + ".";
        String reload = refreshes ? " This page reloads by itself." : "";
        String resend = harmless ? "" : " Your request has not been carried out: please send it again in a moment.";
        Map<String, Object> facts = facts(context, "starting", patience(progress));
        facts.put("elapsed_ms", progress.elapsed().toMillis());
        if (!progress.lastStart().isZero()) {
            facts.put("last_start_ms", progress.lastStart().toMillis());
        }
        return new StatusPage(503, "Starting", since + usual + reload + resend, facts);
    }

    /** When to look again: about when it should be ready, but neither at once nor only after a long time. */
    static Duration patience(StartProgress progress) {
        if (progress.lastStart().isZero()) {
            return USUAL;
        }
        Duration left = wholeSeconds(progress.lastStart().minus(progress.elapsed()));
        if (left.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return left.compareTo(LONGEST) < 0 ? left : LONGEST;
    }

    /** A context cannot be used for now. */
    static StatusPage refused(String context, BackendUnavailableException refusal) {
        Duration wait = retryAfter(refusal);
        String again = " Please try again in " + seconds(wait) + ".";
        switch (refusal.kind()) {
            case FAILED:
                return new StatusPage(
                        503,
                        "Failed",
                        "The application at " + context + " has failed." + again,
                        facts(context, "failed", wait));
            case GIVEN_UP:
                return new StatusPage(
                        503,
                        "Failed",
                        "The application at " + context + " has failed several times in a row. "
                                + "It stays off until its operator restarts it.",
                        facts(context, "failed", wait));
            case NO_ROOM:
                return new StatusPage(
                        503,
                        "Busy",
                        "As many applications as this server may run (limits.backends) are in use." + again,
                        facts(context, "waiting for room", wait));
            case NOT_NOW:
            default:
                return new StatusPage(
                        503,
                        "Unavailable",
                        "The application at " + context + " cannot be started at the moment." + again,
                        facts(context, "unavailable", wait));
        }
    }

    /** In whole seconds, at least one. */
    static Duration retryAfter(BackendUnavailableException refusal) {
        Duration wait = wholeSeconds(refusal.retryAfter());
        return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
    }

    private static Map<String, Object> facts(String context, String state, Duration retryAfter) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("context", context);
        facts.put("state", state);
        facts.put("retry_after", retryAfter.toSeconds());
        return facts;
    }

    private static Duration wholeSeconds(Duration span) {
        return Duration.ofSeconds(span.plusMillis(999).toSeconds());
    }

    private static String seconds(Duration span) {
        long seconds = Math.max(1, Math.round(span.toMillis() / 1000.0));
        return seconds == 1 ? "1 second" : seconds + " seconds";
    }
}
