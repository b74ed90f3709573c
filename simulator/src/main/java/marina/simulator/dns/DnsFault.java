package marina.simulator.dns;

import java.time.Duration;

/**
 * What is wrong with the DNS server on command.
 *
 * @param slow how much later it answers
 * @param stale how old what it says is
 * @param suffix only names that end with this; empty is all of them
 */
public record DnsFault(Mode mode, Duration slow, Duration stale, String suffix) {

    /** Nothing is wrong. */
    public static final DnsFault NONE = new DnsFault(Mode.NONE, Duration.ZERO, Duration.ZERO, "");

    /** How it answers. */
    public enum Mode {
        /** As it should. */
        NONE,
        /** SERVFAIL. */
        SERVFAIL,
        /** NXDOMAIN for all names. */
        NXDOMAIN,
        /** Without any record, and without an error. */
        NODATA,
        /** Not at all. */
        SILENT,
        /** Over UDP always "truncated"; TCP has the answer. */
        TRUNCATED
    }
}
