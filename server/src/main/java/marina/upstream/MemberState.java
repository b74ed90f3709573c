package marina.upstream;

import java.util.Locale;

/** How a member is, the most important thing first. */
public enum MemberState {
    /** The operator has taken it out: it gets no clients but those that belong to it already. */
    DRAINED,
    /** Its checks fail. */
    UNHEALTHY,
    /** Left out for a while, because request after request has failed. */
    EJECTED,
    /** It has not been checked yet. */
    UNKNOWN,
    /** It gets requests. */
    HEALTHY;

    /** As the operator reads it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
