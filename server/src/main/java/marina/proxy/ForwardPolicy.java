package marina.proxy;

/**
 * How exchanges with a target are led.
 *
 * @param timeouts how long to wait for it
 * @param files what it may name instead of sending it
 * @param fields what is changed in the requests to it, after what is changed in all requests
 */
public record ForwardPolicy(TargetTimeouts timeouts, NamedFiles files, FieldRules fields) {
    /** The usual time-outs, no files, nothing changed. */
    public static final ForwardPolicy USUAL = new ForwardPolicy(TargetTimeouts.USUAL, NamedFiles.NONE, FieldRules.NONE);
}
