package marina.rest;

import java.util.function.BooleanSupplier;

/**
 * Who asks.
 *
 * @param user the name, for the log
 * @param stays whether the user would still be let in; asked now and then by answers that go on, from any thread, and may
 *     block for a moment
 */
public record Asker(String user, BooleanSupplier stays) {

    /** Somebody who needs no login, such as whoever has the control socket. */
    public Asker(String user) {
        this(user, () -> true);
    }
}
