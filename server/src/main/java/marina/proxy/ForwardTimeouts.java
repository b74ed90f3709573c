package marina.proxy;

import java.time.Duration;

/**
 * How long the forwarder waits. None of them limits how long an exchange may take as a whole.
 *
 * @param connect until a connection to the backend stands
 * @param answer how long the backend may neither send nor take a byte before its answer begins; a long poll fits in
 * @param quiet the same once the answer has begun: server-sent events may be that far apart
 * @param pooled how long a connection waits for its next use; less than the five seconds after which Node closes
 * @param tunnel the same for upgraded connections
 * @param goOn how long a client that asked for 100 Continue waits for a backend that ignores the question
 */
record ForwardTimeouts(
        Duration connect, Duration answer, Duration quiet, Duration pooled, Tunnel tunnel, Duration goOn) {

    static final ForwardTimeouts DEFAULT = new ForwardTimeouts(
            Duration.ofSeconds(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(15),
            Duration.ofSeconds(4),
            new Tunnel(Duration.ofHours(1), Duration.ofSeconds(10)),
            Duration.ofSeconds(1));

    /**
     * How long an upgraded connection may be silent.
     *
     * @param idle in both directions
     * @param linger in the one direction that is left when the other has ended
     */
    record Tunnel(Duration idle, Duration linger) {}
}
