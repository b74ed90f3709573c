package marina.config;

import java.time.Duration;

/**
 * What the machine does when no lease is held.
 *
 * @param action what it does
 * @param timeout how long no lease must have been held
 */
public record IdleConfig(Action action, Duration timeout) {

    /** What an idle machine does. */
    public enum Action {
        /** It runs on. */
        NONE,
        /** It stops. */
        STOP,
        /** It suspends. */
        SUSPEND
    }
}
