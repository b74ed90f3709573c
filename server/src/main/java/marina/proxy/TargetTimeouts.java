package marina.proxy;

import java.time.Duration;
import marina.connection.Limits;

/**
 * How long to wait for one target; zero stands for what is usual, see {@link ForwardTimeouts}.
 *
 * @param connect until a connection stands
 * @param answer how long the target may neither send nor take a byte before its answer begins
 * @param quiet the same once the answer has begun
 */
public record TargetTimeouts(Duration connect, Duration answer, Duration quiet) {

    static final TargetTimeouts USUAL = new TargetTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    Limits or(ForwardTimeouts usual) {
        return new Limits(
                connect.isZero() ? usual.connect() : connect,
                answer.isZero() ? usual.answer() : answer,
                quiet.isZero() ? usual.quiet() : quiet);
    }
}
