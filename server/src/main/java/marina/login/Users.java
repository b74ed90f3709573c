package marina.login;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Who may be logged in. Thread-safe. */
@FunctionalInterface
public interface Users {

    /**
     * What a user is recognised by: when it changes, for example because the password does, logins from before are over. Empty
     * for somebody who may not enter, or not any more. Does not block.
     */
    CompletableFuture<Optional<String>> mark(String user);
}
