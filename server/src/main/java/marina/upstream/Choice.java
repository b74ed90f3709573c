package marina.upstream;

import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import marina.config.PoolConfig;
import org.jspecify.annotations.Nullable;

/**
 * Whom requests may go to at one moment. Immutable but for the turn of its selection.
 *
 * @param leftOut those that are left out for a while: better than nobody
 * @param known whether these are known to be well; else they are those of whom nothing worse is known
 * @param health of all members together
 */
record Choice(Selection selection, Selection leftOut, boolean known, PoolStatus.PoolHealth health) {

    /** By the states of the members now. */
    static Choice of(PoolConfig.Steering steering, List<Candidate> candidates) {
        List<Candidate> enabled = candidates.stream()
                .filter(one -> one.weight() > 0 && !one.member().isDrained())
                .toList();
        List<Candidate> well = with(enabled, state -> state == MemberState.HEALTHY);
        List<Candidate> unknown = with(enabled, state -> state == MemberState.UNKNOWN);
        List<Candidate> leftOut = with(enabled, state -> state == MemberState.EJECTED);
        PoolStatus.PoolHealth health;
        if (well.isEmpty()) {
            health = unknown.isEmpty() ? PoolStatus.PoolHealth.CRITICAL : PoolStatus.PoolHealth.UNKNOWN;
        } else {
            health = well.size() == enabled.size() ? PoolStatus.PoolHealth.HEALTHY : PoolStatus.PoolHealth.DEGRADED;
        }
        return new Choice(
                new Selection(steering, well.isEmpty() ? unknown : well),
                new Selection(steering, leftOut),
                !well.isEmpty(),
                health);
    }

    /**
     * The member for a client.
     *
     * @param always whether it is the same one each time, whatever the steering
     * @param without the numbers of those that are out of the question; null for none
     * @return null when nobody is left
     */
    @Nullable
    Candidate of(long client, boolean always, @Nullable BitSet without) {
        Candidate chosen = of(selection, client, always, without);
        return chosen == null ? of(leftOut, client, always, without) : chosen;
    }

    private static @Nullable Candidate of(Selection from, long client, boolean always, @Nullable BitSet without) {
        return always ? from.byClient(client, without) : from.choose(client, without);
    }

    private static List<Candidate> with(List<Candidate> candidates, Predicate<MemberState> states) {
        return candidates.stream()
                .filter(one -> states.test(one.member().state()))
                .toList();
    }
}
