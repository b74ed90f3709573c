package marina.upstream;

import java.util.Arrays;

/**
 * The order of a weighted round robin, worked out in advance: each takes its share, and as evenly spread as can be, so that a
 * heavy one does not get its requests in a bunch. Pure.
 */
final class Turns {
    private static final int LONGEST = 4_096;

    /** What makes whole numbers of the weights that people write. */
    private static final int[] FACTORS = {1, 2, 3, 4, 5, 8, 10, 20, 100, 1_000};

    private Turns() {}

    /** One round, by the places of the weights, which are more than zero. */
    static int[] of(double[] weights) {
        int[] shares = shares(weights);
        int length = Arrays.stream(shares).sum();
        int[] round = new int[length];
        long[] owed = new long[shares.length];
        for (int i = 0; i < length; i++) {
            int most = 0;
            for (int j = 0; j < shares.length; j++) {
                owed[j] += shares[j];
                most = owed[j] > owed[most] ? j : most;
            }
            owed[most] -= length;
            round[i] = most;
        }
        return round;
    }

    /** The weights as whole numbers: exactly, where that is possible with a short round. */
    private static int[] shares(double[] weights) {
        for (int factor : FACTORS) {
            int[] shares = Arrays.stream(weights)
                    .mapToInt(weight -> (int) Math.round(weight * factor))
                    .toArray();
            boolean exact = true;
            for (int i = 0; i < weights.length; i++) {
                exact &= Math.abs(shares[i] - weights[i] * factor) < 1e-9 * factor && shares[i] > 0;
            }
            if (exact) {
                int divisor = Arrays.stream(shares).reduce(0, Turns::commonDivisor);
                shares = Arrays.stream(shares).map(share -> share / divisor).toArray();
                if (Arrays.stream(shares).sum() <= LONGEST) {
                    return shares;
                }
            }
        }
        double all = Arrays.stream(weights).sum();
        return Arrays.stream(weights)
                .mapToInt(weight -> Math.max(1, (int) Math.round(weight / all * LONGEST)))
                .toArray();
    }

    private static int commonDivisor(int one, int other) {
        return other == 0 ? one : commonDivisor(other, one % other);
    }
}
