package marina.backend;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import marina.backend.BackendUnavailableException.Kind;

/** When a backend that failed may be tried again, and the timer for that. Guarded by the backend's lock. */
final class BackOff {
    /** A request waits for the end of a pause that is shorter than this, and is refused when it is longer. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Alarm alarm;
    private RestartPolicy policy = RestartPolicy.HEALTHY;
    private long tryAt = System.nanoTime();

    /** Calls the retry with the guard held. */
    BackOff(ScheduledExecutorService scheduler, Guard guard, Runnable retry) {
        this.alarm = new Alarm(scheduler, guard, retry);
    }

    /** It could not be started: takes the pause into account. */
    void startFailed() {
        fail(policy.afterFailedStart());
    }

    /** It ended by itself after this long. */
    void crashed(Duration readyFor) {
        fail(policy.afterCrash(readyFor));
    }

    /** All is well again. */
    void forget() {
        policy = RestartPolicy.HEALTHY;
    }

    /** From the last failure to the next try. */
    Duration pause() {
        return policy.givenUp() ? RestartPolicy.LONGEST : policy.delay();
    }

    /** What is left of the pause; zero or less when it is over, which it never is for what has been given up. */
    long leftNanos() {
        return policy.givenUp() ? pause().toNanos() : tryAt - System.nanoTime();
    }

    /** Whether what is left of the pause is more than a request waits for. */
    boolean isLong() {
        return leftNanos() > PATIENCE_NANOS;
    }

    /** The reason of a failure, with what the operator of a context that has been given up can do. */
    String reason(String why, String name) {
        return policy.givenUp()
                ? why + "; failed " + policy.failures() + " times in a row; restart it (marina.sh restart " + name
                        + ") or change its configuration"
                : why;
    }

    /** What those get who do not wait for the end of the pause. */
    BackendUnavailableException refusal(String why) {
        Duration left = Duration.ofNanos(Math.max(0, leftNanos()));
        return new BackendUnavailableException(policy.givenUp() ? Kind.GIVEN_UP : Kind.FAILED, why, left);
    }

    /** What comes after a failure, for the log. */
    String outlook() {
        if (policy.givenUp()) {
            return "";
        }
        Duration pause = pause();
        return pause.isZero() ? "; next try at the next request" : "; next try in " + Spans.text(pause);
    }

    /** Tries by itself when the pause is over; not when it has been given up. */
    void retryAfterPause() {
        if (!alarm.isSet() && !policy.givenUp()) {
            alarm.set(leftNanos());
        }
    }

    /** Does not try by itself. */
    void noRetry() {
        alarm.clear();
    }

    private void fail(RestartPolicy next) {
        policy = next;
        tryAt = System.nanoTime() + next.delay().toNanos();
    }
}
