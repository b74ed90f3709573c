package example.gameserver;

/**
 * How often somebody may do something: a burst at once, then at a steady rate. For one thread at a time.
 */
final class Allowance {
    private final double burst;
    private final double perNano;
    private double left;
    private long seen;

    Allowance(int burst, double perSecond, long now) {
        this.burst = burst;
        this.perNano = perSecond / 1e9;
        this.left = burst;
        this.seen = now;
    }

    /** Whether once more is all right at this time of {@link System#nanoTime}; if so, it counts. */
    boolean take(long now) {
        left = Math.min(burst, left + (now - seen) * perNano);
        seen = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
