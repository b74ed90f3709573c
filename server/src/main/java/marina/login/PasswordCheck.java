package marina.login;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Says whether a password is right, and slows down those who guess. Thread-safe. */
@FunctionalInterface
public interface PasswordCheck {

    /**
     * Asks; does not block.
     *
     * @param address from which the password came
     * @return the answer, perhaps later; null when that address has to wait because of wrong passwords before
     */
    @Nullable
    CompletableFuture<Boolean> ask(String user, String password, String address);
}
