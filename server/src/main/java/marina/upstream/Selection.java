package marina.upstream;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import marina.config.PoolConfig;
import org.jspecify.annotations.Nullable;

/**
 * Those members that can answer at one moment, and the choice among them. Made anew when one of them changes, so that a choice
 * takes no lock and allocates nothing. Thread-safe.
 */
final class Selection {
    /** Odd, so that it leads through all 64-bit numbers; the fraction of the golden ratio spreads neighbours far apart. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final PoolConfig.Steering steering;
    private final List<Candidate> candidates;
    private final int[] turns; // of ROUND_ROBIN: places in the list
    private final AtomicInteger turn =
            new AtomicInteger(ThreadLocalRandom.current().nextInt()); // else the first has more

    Selection(PoolConfig.Steering steering, List<Candidate> candidates) {
        this.steering = steering;
        this.candidates = List.copyOf(candidates);
        this.turns = steering == PoolConfig.Steering.ROUND_ROBIN
                ? Turns.of(candidates.stream().mapToDouble(Candidate::weight).toArray())
                : new int[0];
    }

    /** How many there are. */
    int size() {
        return candidates.size();
    }

    /**
     * Chooses.
     *
     * @param client the same number for the same client
     * @param without the numbers of those that are out of the question; null for none
     * @return null when nobody is left
     */
    @Nullable
    Candidate choose(long client, @Nullable BitSet without) {
        return switch (steering) {
            case FAILOVER -> first(without);
            case ROUND_ROBIN -> nextInTurn(without);
            case RANDOM -> atRandom(without);
            case HASH -> byClient(client, without);
            case LEAST_REQUESTS -> leastBusy(without);
        };
    }

    private static boolean isIn(Candidate candidate, @Nullable BitSet without) {
        return without == null || !without.get(candidate.number());
    }

    private @Nullable Candidate first(@Nullable BitSet without) {
        for (Candidate candidate : candidates) {
            if (isIn(candidate, without)) {
                return candidate;
            }
        }
        return null;
    }

    private @Nullable Candidate nextInTurn(@Nullable BitSet without) {
        for (int i = 0; i < turns.length; i++) {
            Candidate candidate = candidates.get(turns[Math.floorMod(turn.getAndIncrement(), turns.length)]);
            if (isIn(candidate, without)) {
                return candidate;
            }
        }
        return null;
    }

    private @Nullable Candidate atRandom(@Nullable BitSet without) {
        double all = 0;
        for (Candidate candidate : candidates) {
            all += isIn(candidate, without) ? candidate.weight() : 0;
        }
        double point = ThreadLocalRandom.current().nextDouble() * all;
        Candidate last = null;
        for (Candidate candidate : candidates) {
            if (isIn(candidate, without)) {
                last = candidate;
                point -= candidate.weight();
                if (point < 0) {
                    return candidate;
                }
            }
        }
        return last;
    }

    /**
     * The highest random weight, which client and member decide together: when a member goes, only its own clients move, and
     * when it comes back, the same clients.
     */
    @Nullable
    Candidate byClient(long client, @Nullable BitSet without) {
        Candidate best = null;
        double lowest = Double.POSITIVE_INFINITY;
        for (Candidate candidate : candidates) {
            if (!isIn(candidate, without)) {
                continue;
            }
            long mixed = mix(client * GOLDEN + mix(candidate.member().id().hashCode()));
            double chance = ((mixed >>> 11) + 0.5) * 0x1.0p-53;
            double score = -Math.log(chance) / candidate.weight();
            if (score < lowest) {
                lowest = score;
                best = candidate;
            }
        }
        return best;
    }

    /** By requests in flight for its weight; of equals each in turn. */
    private @Nullable Candidate leastBusy(@Nullable BitSet without) {
        int size = candidates.size();
        int start = size > 1 ? Math.floorMod(turn.getAndIncrement(), size) : 0;
        Candidate best = null;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            Candidate candidate = candidates.get((start + i) % size);
            double load = (candidate.member().inFlight() + 1) / candidate.weight();
            if (load < lowest && isIn(candidate, without)) {
                lowest = load;
                best = candidate;
            }
        }
        return best;
    }

    /** Spreads neighbouring numbers over all of them: the last steps of Stafford's variant 13, as in SplittableRandom. */
    private static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
