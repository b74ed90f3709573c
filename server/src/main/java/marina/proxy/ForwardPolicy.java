package marina.proxy;

import java.time.Duration;

/**
 * How exchanges with a target are led.
 *
 * @param timeouts how long to wait for it
 * @param files what it may name instead of sending it
 * @param fields what is changed in the requests to it, after what is changed in all requests
 * @param ping how often both sides of a WebSocket are pinged; zero for never
 */
public record ForwardPolicy(TargetTimeouts timeouts, NamedFiles files, FieldRules fields, Duration ping) {
    /** The usual time-outs, no files, nothing changed. */
    public static final ForwardPolicy USUAL = new ForwardPolicy(TargetTimeouts.USUAL, NamedFiles.NONE, FieldRules.NONE);

    /** Without pings. */
    public ForwardPolicy(TargetTimeouts timeouts, NamedFiles files, FieldRules fields) {
        this(timeouts, files, fields, Duration.ZERO);
    }

    /** The same with other fields. */
    public ForwardPolicy with(FieldRules other) {
        return new ForwardPolicy(timeouts, files, other, ping);
    }

    /** The same with pings. */
    public ForwardPolicy withPing(Duration interval) {
        return new ForwardPolicy(timeouts, files, fields, interval);
    }
}
