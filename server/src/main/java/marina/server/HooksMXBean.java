package marina.server;

import java.util.List;

/** The hooks that have run lately in JMX: {@code marina:type=Hooks}. */
public interface HooksMXBean {
    /** How many run now. */
    int getRunning();

    /** How many of those that are remembered, 200 at most, have failed or took too long. */
    int getFailed();

    /** The last of them, the newest first. */
    List<HookView> getLast();

    /** One run of a hook. */
    interface HookView {
        /** Its point, behind the path of its context. */
        String getName();

        /** As written. */
        String getCommand();

        /** When it began, ISO 8601. */
        String getAt();

        /** How long it took, or has taken until now. */
        long getMillis();

        /** running, done, failed or timed_out. */
        String getOutcome();

        /** Its exit status; -1 for none. */
        int getExit();
    }
}
