package marina.machine;

import java.util.Locale;
import java.util.Set;

/** What a machine does. Only {@link MachineIdle} goes from one state to the next. */
public enum MachineState {
    /** It serves. */
    RUNNING,
    /** It serves; nobody has used it for a while, and contexts and hooks make themselves ready for sleep. */
    IDLING,
    /** It has been asked to sleep, or sleeps; requests wait. */
    SUSPENDED,
    /** It has slept; requests wait for the resume hooks. */
    RESUMING;

    /** The states that may follow. A sleep that nobody asked for leads to {@link #RESUMING} from anywhere. */
    Set<MachineState> next() {
        return switch (this) {
            case RUNNING -> Set.of(IDLING, RESUMING);
            case IDLING -> Set.of(RUNNING, SUSPENDED, RESUMING);
            case SUSPENDED -> Set.of(RUNNING, RESUMING);
            case RESUMING -> Set.of(RUNNING);
        };
    }

    /** As operators read it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
