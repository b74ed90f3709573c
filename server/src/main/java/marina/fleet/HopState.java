package marina.fleet;

/**
 * What a request that was sent on tells of its way.
 *
 * @param hops how often it has been sent on
 * @param sender who has done so last; parts that nobody tells are empty
 * @param version of the sender's placements, empty when nobody tells
 */
public record HopState(int hops, Here sender, String version) {

    /** Of a request that came straight from its client. */
    public static final HopState DIRECT = new HopState(0, new Here("", "", ""), "");

    /** Whether it has been sent on. */
    public boolean isSentOn() {
        return hops > 0;
    }
}
