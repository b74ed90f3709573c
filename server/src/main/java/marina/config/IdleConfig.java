package marina.config;

import java.time.Duration;

/**
 * What the machine does when nobody uses it.
 *
 * @param action what it does
 * @param timeout how long nobody must have used it; zero means that it never does anything
 * @param websocketsHold whether an open WebSocket is a use
 * @param patience how long it may take until the machine sleeps; then it counts as refused
 */
public record IdleConfig(Action action, Duration timeout, boolean websocketsHold, Duration patience) {

    /** What an idle machine does. */
    public enum Action {
        /** It runs on. */
        NONE,
        /** It stops. */
        STOP,
        /** It suspends. */
        SUSPEND
    }

    /** Whether it does anything. */
    public boolean enabled() {
        return action != Action.NONE && !timeout.isZero();
    }
}
