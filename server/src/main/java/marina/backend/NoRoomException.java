package marina.backend;

import java.time.Duration;
import marina.config.LimitsConfig;

/** As many processes run as may, and none of them became idle in time. The application itself has not failed. */
public final class NoRoomException extends BackendUnavailableException {
    private static final long serialVersionUID = 1L;

    /** Whoever is refused comes last again, so it need not come at once. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    NoRoomException(LimitsConfig limits) {
        super(
                Kind.NO_ROOM,
                "no room: as many processes run as may (limits.backends: " + limits.backends()
                        + ") and none was idle within " + Spans.text(limits.queueTimeout()),
                RETRY_AFTER);
    }
}
