package marina.rest;

import java.io.IOException;

/** Answers one method of one path. Called on a thread that may block for a moment; thread-safe. */
@FunctionalInterface
public interface Endpoint {

    /**
     * Answers, now or later.
     *
     * @throws BadCall when it cannot be answered as it is
     */
    void answer(Call call) throws BadCall, IOException;
}
